/**
 * Measures the verification of whole envelopes, one of each variant, beside a
 * bare signature. No peer verifies envelopes of ours; what their parts cost
 * beside others stands in the sections of the technologies.
 *
 * @module
 */

import { verifyEnvelope } from "../../mod.ts";
import {
  LAB_STATEMENT,
  LAB_VARIANTS,
  labAuthorities,
  type MintedVariant,
  mintVariant,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { mustHold } from "./contenders.ts";
import { type Contender, contender, measure, type Timing } from "./measure.ts";

const NONCE = new Uint8Array(32).fill(0x5e);

/** The bare signature that others are compared with. */
export const VARIANTS_BASELINE = "webcrypto-p256";

/**
 * Measures an envelope of each variant, chains and collateral known from earlier calls.
 *
 * @param rounds Rounds in which all take their turn.
 */
export async function measureVariants(rounds: number): Promise<readonly Timing[]> {
  const authorities = labAuthorities(NOW, {
    amd: await labAuthority(),
    intel: await intelAuthority(),
  });
  const contenders: Contender[] = [await bareSignature()];
  for (const variant of LAB_VARIANTS) {
    const question = { now: NOW, nonce: NONCE, statement: LAB_STATEMENT };
    contenders.push(examining(await mintVariant(variant, authorities, question)));
  }
  return await measure(contenders, rounds);
}

function examining(minted: MintedVariant): Contender {
  const { variant, envelope, reference, policy, roots } = minted;
  const terms = {
    expect: { nonce: NONCE },
    policy: {
      version: 1,
      allowLab: true,
      acceptRoots: ["amd", "intel", "paravisor", "provider", "none"],
      [variant]: policy,
    },
    reference: { version: 1, [variant]: reference },
    now: NOW,
    labRoots: [new TextEncoder().encode(roots)],
  };
  const title = `verifyEnvelope(), ${variant}, ${envelope.length} bytes`;
  return contender(variant, title, async () => {
    const { verdict } = await verifyEnvelope(envelope, terms);
    mustHold(variant, verdict === "lab-trusted");
  });
}

async function bareSignature(): Promise<Contender> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
  // A key that was made here verifies more slowly than one that was imported.
  const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  const signature = await crypto.subtle.sign(algorithm, pair.privateKey, NONCE);
  return contender(VARIANTS_BASELINE, "WebCrypto P-256 verify, bare", async () => {
    mustHold(
      VARIANTS_BASELINE,
      await crypto.subtle.verify(algorithm, key, signature, NONCE),
    );
  });
}
