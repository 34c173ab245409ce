/**
 * Policies as text, YAML and JSON, and as plain data. The decoder and the
 * published schema must agree on what a policy is; whatever it says, forged
 * evidence is refused.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { InputError, type Request } from "../../../mod.ts";
import { technologies, type TechnologyId } from "../../../src/evidence/registry.ts";
import { parsePolicyText } from "../../../src/policy/parse.ts";
import { diffPolicies } from "../../../src/policy/diff.ts";
import { explainPolicy } from "../../../src/policy/explain.ts";
import { lintPolicy } from "../../../src/policy/lint.ts";
import { readPolicy, readWhole } from "../../../src/policy/policy.ts";
import { examine } from "../../../src/verifier/examine.ts";
import { edited, fileOf } from "../../contracts/change.ts";
import { questionOf } from "../../contracts/question.ts";
import { editText } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { readVectors } from "../../vectors.ts";
import { Finding, type Kind, kindOf } from "../kind.ts";
import {
  assertResult,
  assertTyped,
  bothEngines,
  isAccepted,
  readSchema,
  timed,
} from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { editData } from "./data_edits.ts";

/** Policies with every key that there is. */
const SEEDS: readonly object[] = [
  { version: 1 },
  { version: 1, allowLab: true, acceptRoots: ["amd", "intel", "none"] },
  {
    version: 1,
    allowLab: { value: true, until: "2030-01-31", because: "a lab beside" },
    acceptRoots: { value: ["amd", "provider"], because: "the provider is us" },
    "sev-snp": { debug: { value: "allow", until: "2020-02-29" }, revocation: { value: "require" } },
    "azure-tdx": { tee: { tcbStatuses: { value: ["OutOfDate"], until: "2030-01-31" } } },
  },
  {
    version: 1,
    acceptCompromised: { milan: "2030-01-31" },
    "sev-snp": {
      measurements: ["ab".repeat(48)],
      hostData: ["ab".repeat(32)],
      idKeyDigests: ["ab".repeat(48)],
      authorKeyDigests: ["AB".repeat(48)],
      minimumGuestSvn: 0,
      debug: "allow",
      migration: "allow",
      smt: "forbid",
      singleSocket: "require",
      minimumAbi: "1.55",
      guestPolicy: { cxlAllowed: false },
      vmpl: [0, 1, 2, 3],
      minimumTcb: { genoa: { reported: { bootloader: 1, microcode: 255 } } },
      platformInfo: { eccEnabled: true },
      provisionalFirmware: "allow",
      maskedChipId: "allow",
      revocation: "if-given",
      allowChips: ["ab".repeat(64)],
      denyChips: ["cd".repeat(64)],
    },
  },
  {
    version: 1,
    tdx: {
      mrTd: ["ab".repeat(48)],
      rtmr1: ["ab".repeat(48)],
      rtmr2: ["ab".repeat(48)],
      mrConfigId: ["ab".repeat(48)],
      serviceTds: ["ab".repeat(48)],
      tcbStatuses: ["UpToDate", "OutOfDate"],
      outOfDateGraceDays: 30,
      minimumTcbDate: "2025-02-28",
      denyAdvisories: ["INTEL-SA-00837"],
      minimumTcbEvaluationDataNumber: 17,
      debug: "allow",
      profiling: "forbid",
      attributes: { septVeDisable: true },
      xfam: ["0x00000000000602e7"],
      trailingBytes: "any",
      platformConfiguration: { smtEnabled: false },
      allowPlatforms: ["ab".repeat(16)],
    },
  },
];

/** A document on its way: as data while it is some, then as text. */
interface Bent {
  readonly data: unknown;
  readonly text: Uint8Array | null;
}

const asText = ({ data, text }: Bent, dice: Dice): Uint8Array =>
  text ?? new TextEncoder().encode(dice.once(2) ? JSON.stringify(data) ?? "" : stringify(data));

/** What YAML knows beside plain data. */
const PIECES = [
  ...["&a ", "*a", "!!set ", "!!binary ", "!x ", "? ", "<<: *a\n", "%YAML 1.1\n---\n", "---\n"],
  ...[
    "...\n",
    "# x\n",
    "|\n  a\n",
    ">-\n",
    "0x1",
    "1_0",
    "0o7",
    "~",
    "yes",
    "2027-01-31T00:00:00Z",
  ],
];

/** A setting with an end and a reason around it. */
function withEnd({ data }: Bent, dice: Dice): Bent {
  const whole: Record<string, unknown> = { ...Object(data) };
  const isSection = (key: string): boolean =>
    technologies.some(({ id }) => id === key) && dice.below(4) > 0;
  const key = dice.pick(Object.keys(whole));
  const inside: Record<string, unknown> = isSection(key) ? { ...Object(whole[key]) } : whole;
  const name = inside === whole ? key : dice.pick(Object.keys(inside));
  const until = dice.pick([{}, { until: "2026-11-20" }, { until: "2026-11-21" }, { until: null }]);
  inside[name] = { value: inside[name], ...until, ...dice.once(2) ? { because: "why" } : {} };
  return { data: inside === whole ? whole : { ...whole, [key]: inside }, text: null };
}

const STEPS: StepTable<Bent> = {
  "end": withEnd,
  "data": ({ data }, dice) => ({ data: editData(data, dice), text: null }),
  "text": (bent, dice) => ({
    ...bent,
    text: new TextEncoder().encode(editText(new TextDecoder().decode(asText(bent, dice)), dice)),
  }),
  "yaml": (bent, dice) => {
    const text = new TextDecoder().decode(asText(bent, dice));
    const at = dice.below(text.length + 1);
    return {
      ...bent,
      text: new TextEncoder().encode(text.slice(0, at) + dice.pick(PIECES) + text.slice(at)),
    };
  },
  "bytes": async (bent, dice) => ({ ...bent, text: await anyByteStep(asText(bent, dice), dice) }),
};

const schema = await readSchema("policy.v1.json");

/** A moment at which some ends of the seeds are over. */
const NOW = new Date("2026-11-21T12:00:00Z");

/** Every policy that is read can be explained, looked over and compared; what it comes to says the same when it is read again. */
function assertToldOf(policy: unknown): void {
  const whole = readWhole(policy, technologies, "p.yaml", NOW);
  const { settings, exceptions } = explainPolicy(whole, technologies, { now: NOW, variant: null });
  const keys = settings.map(({ key }) => key);
  for (const { key, costs, until, ended } of exceptions) {
    assert.ok(keys.includes(key) && costs !== "", `${key} is an exception and no setting`);
    assert.ok(!ended || until !== null && until < "2026-11-21", `${key} ended on ${until}`);
  }
  assert.deepEqual(diffPolicies(whole, whole), []);
  const levels = lintPolicy(policy, technologies, NOW).map(({ level }) => level);
  assert.ok(!levels.includes("error"), "what is read has no errors");
  const { document, sections } = readPolicy(policy, technologies, "p.yaml", NOW);
  const again = readPolicy(document, technologies, "p.yaml", NOW);
  assert.deepEqual(again.sections, sections, "without long forms it says the same");
  assert.deepEqual(again.document, document);
}

/** What is read of it; undefined where it is refused, with a code of a policy. */
function readBent({ data, text }: Bent): { readonly end: string; readonly value: unknown } {
  try {
    const value = text === null ? data : parsePolicyText(text, "p.yaml");
    readPolicy(value, technologies, "p.yaml");
    return { end: "read", value };
  } catch (error) {
    assertTyped(error);
    assert.ok(error instanceof InputError && /^(policy|input)\./.test(error.code), error.code);
    return { end: error.code, value: undefined };
  }
}

/** What one of the two reads, the other must accept; data that is no JSON is left out. */
function assertSchemaAgrees(data: unknown, read: boolean): void {
  const json = JSON.stringify(data);
  // Null at the top stands for no policy, which is no document.
  if (json === undefined || json === "null") return;
  const { valid } = schema.validate(JSON.parse(json));
  assert.equal(valid, read, `the schema ${valid ? "accepts" : "refuses"} ${json.slice(0, 300)}`);
}

let forgeries: Promise<readonly Request[]> | undefined;

/** A byte of the first file that a signature is, or is over. */
const SIGNED: Readonly<Record<TechnologyId, number>> = {
  "sev-snp": 0x2a0,
  "tdx": 640,
  // The Qualified Name of the key, which a bare verifier need not know.
  "tpm": 20,
  // In the registers of the document.
  "nitro-enclave": 200,
  "aws-sev-snp": 0x2a0,
  "aws-nitro-tpm": 200,
  // In the HCL report: AMD's signature, MRTD of the TD report.
  "azure-sev-snp": 32 + 0x2a0,
  "azure-tdx": 32 + 528,
  "azure-trusted-launch": 20,
  "gcp-tdx": 640,
  "gcp-sev-snp": 0x2a0,
  "gcp-sev-es": 20,
  "qemu-vtpm": 20,
  "openstack": 20,
};

/** Evidence with a byte changed that its signature holds, one of each technology. */
async function forge(): Promise<readonly Request[]> {
  return await Promise.all(technologies.map(async (technology) => {
    const role = technology.files[0]?.role ?? "";
    // Of several files of one role, one alone would be no question.
    const [vector] = (await readVectors(technology.id)).filter(({ code, files }) =>
      code === null && files[role] instanceof Uint8Array
    );
    if (vector === undefined) throw new Error(`There is no vector of ${technology.id}`);
    const whole = fileOf(vector, role);
    const at = SIGNED[technology.id];
    assert.ok(at < whole.length, `${technology.id} has no byte ${at}`);
    const file = edited(whole, at, (byte) => byte ^ 1);
    return questionOf(technology, vector, { files: { [role]: file } });
  }));
}

/** What was read is of the schema, and lets nothing forged through. */
async function assertAccepted(policy: unknown): Promise<void> {
  assertSchemaAgrees(policy, true);
  assertToldOf(policy);
  for (const request of await (forgeries ??= forge())) {
    const result = await examine(bothEngines, { ...request, policy });
    assertResult(result);
    assert.ok(!isAccepted(result) && result.verdict === "rejected", "forged evidence is refused");
  }
}

interface Given {
  readonly seed: number;
  readonly steps: readonly Step[];
}

/** Policies. */
export const policy: Kind = kindOf<Given>({
  id: "policy",
  says: "policies, as YAML, JSON and plain data",
  given: () =>
    Promise.resolve(fc.record({
      seed: fc.nat(SEEDS.length - 1),
      steps: someSteps(STEPS, { "data": 5, "yaml": 2, "end": 3 }),
    })),
  async judge({ seed, steps }) {
    const start: Bent = { data: parse(stringify(SEEDS[seed])), text: null };
    const bent = await takeSteps(STEPS, start, steps);
    const file = bent.text ?? new TextEncoder().encode(JSON.stringify(bent.data) ?? "");
    let policy: unknown;
    const execution = await timed(() => {
      const { end, value } = readBent(bent);
      policy = end === "read" ? value : undefined;
      return Promise.resolve(end);
    }, { policy: file });
    try {
      if (bent.text === null) assertSchemaAgrees(bent.data, execution.end === "read");
      if (execution.end === "read") await assertAccepted(policy);
    } catch (error) {
      throw new Finding(error, { policy: file });
    }
    return execution;
  },
});
