/**
 * The register that holds the phase: in one bank alone, in a bank that somebody
 * else extends, in a bank that counts for nothing, or not quoted at all.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../mod.ts";
import { bindingOf, qualifyingDataOf } from "../../src/evidence/statement/binding.ts";
import { writeStatement } from "../../src/evidence/statement/read.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import {
  EVENT_TYPES,
  LAB_STATEMENT,
  type LabEvent,
  labRegisters,
  type LabSelection,
  mintAwsNitroTpm,
  mintGcpTdx,
  mintTpm,
  mintVtpm,
  type MintVtpmOptions,
  phaseEvents,
  type TpmBends,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import { ask, AUTHORITIES, mintedOf, NONCE, NOW } from "./ask.ts";

const VARIANT = "azure-trusted-launch";

const stated = (variant: string): Statement => ({ ...LAB_STATEMENT, variant });

/** Asks about quotes of a TPM alone; what runs is pinned in the bank of SHA-256. */
async function askQuotes(options: Partial<MintVtpmOptions>): Promise<Result> {
  const question = { now: NOW, nonce: NONCE, statement: stated(VARIANT) };
  const { files, statement } = await mintVtpm(await AUTHORITIES.tpm(), { ...question, ...options });
  return await ask(await mintedOf(VARIANT), { files, statement });
}

/** One event more in PCR 15. */
function more(): TpmBends {
  const data = new TextEncoder().encode("somebody else");
  const event = { register: 15, type: EVENT_TYPES.ipl, data, hashed: data };
  return { events: (events) => [...events, event] };
}

Deno.test("the phase counts in each bank that is quoted, and the other holds nothing for it", async () => {
  const quoted = ["sha256", "sha384"] as const;
  const right = await askQuotes({ quoted });
  assert.equal(right.verdict, "lab-trusted", shown(right));
  const [cluster, member] = phaseEvents(LAB_STATEMENT);
  assert.ok(cluster && member);
  const inOneBank = (events: readonly LabEvent[]): readonly LabEvent[] =>
    events.map((event) =>
      event.register === 15 ? { ...event, digests: { sha384: new Uint8Array(48) } } : event
    );
  const vtpm = await mintBent({ events: (events) => inOneBank([...events, cluster, member]) }, [
    { bank: "sha256", registers: [4, 11, 15] },
    { bank: "sha384", registers: [15] },
  ]);
  assertRefused(vtpm, "statement.phase_mismatch");
  assert.match(
    vtpm.findings.find(({ id }) => id === "phase.measured")?.actual ?? "",
    /^PCR 15 sha384/,
  );
});

/** A quote over a selection, of a boot that is bent and extends no phase of its own. */
async function mintBent(
  bends: TpmBends,
  selection: readonly LabSelection[],
  given: readonly LabSelection[] = selection,
): Promise<Result> {
  const statement = writeStatement(stated(VARIANT));
  const minted = await mintTpm(await AUTHORITIES.tpm(), {
    now: NOW,
    nonce: qualifyingDataOf(bindingOf(NONCE, statement), null),
    selection,
    bends,
  });
  const values = given.map(({ bank, registers }) => [
    bank,
    Object.fromEntries(
      registers.map((register) => [register, minted.registers.get(bank)?.[register]?.toHex()]),
    ),
  ]);
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const { quote, signature, akPublic, der } = minted;
  const files = {
    tpmQuoteMsg: quote,
    tpmQuoteSig: signature,
    akPub: akPublic,
    pcrs: encode(Object.fromEntries(values)),
    eventLog: undefined,
    akCert: der.ak,
  };
  return await ask(await mintedOf(VARIANT), { files, statement });
}

Deno.test("whoever extends the register further speaks for no phase", async () => {
  assertRefused(await askQuotes({ bends: more() }), "statement.phase_mismatch");
  assertRefused(
    await askQuotes({ quoted: ["sha256", "sha384"], bends: more() }),
    "statement.phase_mismatch",
  );
});

Deno.test("a register of SHA-1 holds no phase, and neither does one that is given but not quoted", async () => {
  const phase: TpmBends = { events: (events) => [...events, ...phaseEvents(LAB_STATEMENT)] };
  const whatRuns = { bank: "sha256", registers: [4, 11] } as const;
  const whole = { bank: "sha256", registers: [4, 11, 15] } as const;
  const weak = { bank: "sha1", registers: [15] } as const;
  const right = await mintBent(phase, [whole]);
  assert.equal(right.verdict, "lab-trusted", shown(right));
  for (const [quoted, given] of [[[whatRuns], [whatRuns]], [[whatRuns], [whole]]] as const) {
    const result = await mintBent(phase, quoted, given);
    assertVerdict(result, "platform-only", "statement.phase_not_quoted");
  }
  const sha1 = await mintBent(phase, [whatRuns, weak]);
  assertVerdict(sha1, "platform-only", "statement.phase_not_quoted");
});

Deno.test("a phase that is claimed without a step before it is refused", async () => {
  const claims: readonly Partial<Statement>[] = [
    { phase: "zero", clusterId: "", manifestDigest: "" },
    { phase: "cluster" },
    { clusterId: "c3".repeat(32) },
    { role: "control-plane" },
    { nodeName: "worker-2" },
    { manifestSequence: 2 },
  ];
  for (const changed of claims) {
    assertRefused(await askQuotes({ phase: changed }), "statement.phase_mismatch");
  }
});

Deno.test("a document without PCR 15 holds no phase, and one of another phase the wrong one", async () => {
  const minted = await mintedOf("aws-nitro-tpm");
  const registers = await labRegisters("tpm");
  const aws = await AUTHORITIES.aws();
  const question = { now: NOW, nonce: NONCE, statement: stated("aws-nitro-tpm") };
  const without = registers.filter(([register]) => register !== 15);
  const silent = await mintAwsNitroTpm(aws, { ...question, registers: without });
  assertVerdict(
    await ask(minted, { files: silent.files, statement: silent.statement }),
    "platform-only",
    "statement.phase_not_quoted",
  );
  const zero = { ...question.statement, phase: "cluster", role: "", nodeName: "" } as const;
  const early = { ...zero, manifestSequence: 0, manifestDigest: "" } as const;
  const joined = await mintAwsNitroTpm(aws, { ...question, statement: early });
  const { document } = joined.files;
  // The register of one phase and the statement of another: neither is the other's.
  const swapped = await ask(minted, { files: { document } });
  const codes = swapped.findings.map(({ code }) => code);
  assert.equal(swapped.verdict, "rejected");
  assert.ok(codes.includes("statement.phase_mismatch"), codes.join());
});

Deno.test("RTMR 3 holds the phase where it was extended, and where it was not the verdict says so", async () => {
  const minted = await mintedOf("gcp-tdx");
  const authorities = { intel: await intelAuthority() };
  const question = { now: NOW, nonce: NONCE, statement: stated("gcp-tdx") };
  const wrong = await mintGcpTdx(authorities, { ...question, bends: { phase: { role: "other" } } });
  assertRefused(
    await ask(minted, { files: wrong.files, statement: wrong.statement }),
    "statement.phase_mismatch",
  );
  const old = await mintGcpTdx(authorities, { ...question, extendsRtmr3: false });
  const result = await ask(minted, { files: old.files, statement: old.statement });
  assert.equal(result.verdict, "lab-trusted", shown(result));
  const phase = result.findings.find(({ id }) => id.startsWith("phase."));
  assert.deepEqual([phase?.id, phase?.kind], ["phase.unmeasured", "unchecked"]);
});
