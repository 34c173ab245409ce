/**
 * A lab for trying the Worker: keys, a registered policy, and evidence that was
 * made for it. Nothing of it says anything about hardware.
 *
 * @module
 */
import { toHex } from "../../src/core/bytes.ts";
import { generateSigningKey, keyPem } from "../../src/core/signing_key.ts";
import { LAB_STATEMENT, labAuthorities, mintVariant } from "../../src/lab/mod.ts";
import { policyIdOf } from "../../src/results/ear.ts";
import { documentDigest } from "../../src/verifier/digests.ts";

/** What kind of evidence it is; one whose keys are quickly made. */
const VARIANT = "gcp-tdx";

/** A lab. */
export interface WorkerLab {
  /** Variables and secrets of the Worker. */
  readonly settings: Readonly<Record<string, string>>;
  /** Registered policies, JSON. */
  readonly policies: string;
  /** A request to `/v1/verify`, which can be sent as often as one likes: its nonce is the caller's own. */
  readonly request: object;
}

/** Makes a lab. */
export async function workerLab(): Promise<WorkerLab> {
  const now = new Date();
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  const question = { now, nonce, statement: LAB_STATEMENT };
  const minted = await mintVariant(VARIANT, labAuthorities(now), question);
  const policy = { version: 1, allowLab: true, [VARIANT]: minted.policy };
  const reference = { version: 1, [VARIANT]: minted.reference };
  const { pkcs8 } = await generateSigningKey("P-256");
  return {
    settings: {
      NONCE_SECRET: toHex(crypto.getRandomValues(new Uint8Array(32))),
      TOKEN_KEY: keyPem("PRIVATE KEY", pkcs8),
      ISSUER: "https://lab.invalid",
      LAB_ROOTS: minted.roots,
    },
    policies: JSON.stringify([{ policy, reference }]),
    request: {
      envelope: JSON.parse(new TextDecoder().decode(minted.envelope)),
      nonce: toHex(nonce),
      policy: { digest: policyIdOf(documentDigest(policy)) },
    },
  };
}
