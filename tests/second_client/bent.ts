/**
 * Evidence with one bit changed, as both implementations judge it.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { examineEnvelope, type Result } from "../../mod.ts";
import { base64url, toBase64url } from "../../src/core/base64url.ts";
import { InputError } from "../../src/core/errors.ts";
import { LAB_INSTANCE } from "../../src/lab/mod.ts";
import { labImageRegisters } from "../../src/lab/machine/mod.ts";
import { labAuthorityAt } from "../lab_authority.ts";
import { tpmAuthority } from "../tpm_authority.ts";
import { SecondClient } from "./client.ts";
import { type Maker, rootsOf, withMachine } from "./machine.ts";

const now = new Date();
const maker: Maker = { amd: await labAuthorityAt(now), google: await tpmAuthority("P-256"), now };
const registers = await labImageRegisters();
const CLUSTER = "c2".repeat(32);
const QUESTION = { purpose: "serve", nonce: "5c".repeat(32), audience: "a1".repeat(32) };

/** Bits of each file that are changed, one at a time. */
const BITS = 25;

interface Envelope {
  readonly statement: string;
  readonly tee: Readonly<Record<"report" | "leaf", string>>;
  readonly vtpm: {
    readonly akPub: string;
    readonly akCert: string;
    readonly quotes: readonly { readonly msg: string; readonly sig: string }[];
    readonly pcrs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
}

/** Places of files that both look at whole. */
type Place = (envelope: Envelope, change: (file: string) => string) => Envelope;

const PLACES: Readonly<Record<string, Place>> = {
  "statement": (e, change) => ({ ...e, statement: change(e.statement) }),
  "report": (e, change) => ({ ...e, tee: { ...e.tee, report: change(e.tee.report) } }),
  "leaf": (e, change) => ({ ...e, tee: { ...e.tee, leaf: change(e.tee.leaf) } }),
  "akPub": (e, change) => ({ ...e, vtpm: { ...e.vtpm, akPub: change(e.vtpm.akPub) } }),
  "akCert": (e, change) => ({ ...e, vtpm: { ...e.vtpm, akCert: change(e.vtpm.akCert) } }),
  "msg": (e, change) => ofQuote(e, (quote) => ({ ...quote, msg: change(quote.msg) })),
  "sig": (e, change) => ofQuote(e, (quote) => ({ ...quote, sig: change(quote.sig) })),
};

function ofQuote(
  envelope: Envelope,
  change: (quote: { readonly msg: string; readonly sig: string }) => object,
): Envelope {
  const [first, ...others] = envelope.vtpm.quotes;
  assert.ok(first);
  // The change keeps both members.
  const quotes = [change(first) as typeof first, ...others];
  return { ...envelope, vtpm: { ...envelope.vtpm, quotes } };
}

/** Changes one bit of a file in base64url. */
function flip(file: string, at: number): string {
  const bytes = new Uint8Array(base64url(1 << 16).decode(file, ""));
  const bit = at % (8 * bytes.length);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return toBase64url(bytes);
}

async function judgedHere(envelope: Envelope): Promise<Result> {
  return await examineEnvelope(new TextEncoder().encode(JSON.stringify(envelope)), {
    variant: "gcp-sev-snp",
    expect: { nonce: new Uint8Array(32).fill(0x5c), audience: QUESTION.audience },
    policy: {
      version: 1,
      allowLab: true,
      "gcp-sev-snp": { project: LAB_INSTANCE.projectId, vtpm: { registers } },
    },
    now,
    labRoots: [new TextEncoder().encode(rootsOf(maker))],
  });
}

/** Whether evidence is refused here, as a whole or as bytes that are none. */
async function isRefusedHere(envelope: Envelope): Promise<boolean> {
  try {
    return (await judgedHere(envelope)).verdict === "rejected";
  } catch (error) {
    if (error instanceof InputError) return true;
    throw error;
  }
}

Deno.test("both refuse evidence in which any one bit was changed", async () => {
  await withMachine(maker, { clusterId: CLUSTER }, async ({ tpm, tee, folder }) => {
    await using client = new SecondClient();
    const roots = `${folder}/roots.pem`;
    await Deno.writeTextFile(roots, rootsOf(maker));
    await client.done("start", { tpm, tee, clusterId: CLUSTER, bootId: "b4".repeat(16) });
    const { envelope } = await client.done("evidence", QUESTION);
    const honest: Envelope = JSON.parse(String(envelope));
    const { purpose, audience, nonce } = QUESTION;
    const project = LAB_INSTANCE.projectId;
    const statement = { purpose, audience, clusterId: CLUSTER };
    await client.done("trust", { labRoots: roots, statement, nonce, registers, project });

    assert.equal((await judgedHere(honest)).verdict, "lab-trusted");
    await client.done("appraise", { envelope: JSON.stringify(honest) });
    for (const [name, place] of Object.entries(PLACES)) {
      for (const at of fc.sample(fc.nat(), { numRuns: BITS, seed: 0x5ec0 })) {
        const bent = place(honest, (file) => flip(file, at));
        assert.ok(await isRefusedHere(bent), `${name}, bit ${at}, here`);
        const there = await client.ask("appraise", { envelope: JSON.stringify(bent) });
        assert.ok("refused" in there, `${name}, bit ${at}, in Python`);
      }
    }
    for (const number of ["0", "4", "11", "15"]) {
      const bank = { ...honest.vtpm.pcrs["sha256"], [number]: "00".repeat(32) };
      const pcrs = { ...honest.vtpm.pcrs, sha256: bank };
      const bent = { ...honest, vtpm: { ...honest.vtpm, pcrs } };
      assert.ok(await isRefusedHere(bent), `PCR ${number}, here`);
      await client.refused("appraise", { envelope: JSON.stringify(bent) });
    }
  });
});
