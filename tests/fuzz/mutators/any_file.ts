/**
 * Any file for `evidence show`: vectors, what the lab mints, real evidence
 * where it is there, texts and noise; changed as bytes, cut, grown and put
 * together.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { concat, toBase64, toHex } from "../../../src/core/bytes.ts";
import { recognise } from "../../../src/cli/input/recognise.ts";
import { technologies } from "../../../src/evidence/registry.ts";
import { runCli } from "../../cli/fake_host.ts";
import { corpusOf } from "../../corpus.ts";
import { readVectors } from "../../vectors.ts";
import { type Execution, Finding, type Kind, kindOf } from "../kind.ts";
import { assertShownBy } from "../shown.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { BYTE_STEPS } from "./bytes.ts";

/** Starts that make something of what follows. */
const STARTS: readonly string[] = [
  "",
  "{",
  '{"tcbInfo":',
  '{"enclaveIdentity":{"id":"QE"}}',
  "-----BEGIN CERTIFICATE-----\n",
  "-----BEGIN X509 CRL-----\nMA==\n-----END X509 CRL-----\n",
  "0500020081000000",
  "\u001b[2J\u202e",
];

let loaded: Promise<readonly Uint8Array[]> | undefined;

/** Files that are right, those of real cases last; the vectors' own first, so that a number means the same without these. */
async function seedFiles(): Promise<readonly Uint8Array[]> {
  const vectors = await Promise.all(technologies.map(({ id }) => readVectors(id)));
  const minted = vectors.flat().filter(({ code }) => code === null)
    .flatMap(({ files }) => Object.values(files)).flat().filter((file) => file !== undefined);
  const real = [...corpusOf(() => true).values()].flatMap(({ input }) =>
    Object.values(input.files)
  );
  const texts = STARTS.map((text) => new TextEncoder().encode(text));
  return [...texts, ...minted, ...real].filter((file) => file.length <= 256 * 1024);
}

const STEPS: StepTable<Uint8Array> = {
  ...BYTE_STEPS,
  "hex": (file) => new TextEncoder().encode(toHex(file)),
  "base64": (file) => new TextEncoder().encode(toBase64(file)),
  "joined": async (file, dice) => concat(file, dice.pick(await (loaded ??= seedFiles()))),
  "noise": (file, dice) => concat(file.subarray(0, dice.below(64)), dice.bytes(dice.below(3000))),
};

/** Writes nothing that a terminal takes for more than text. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** The whole command: never a mistake of the program, never a control of the terminal. */
export async function assertCommand(file: Uint8Array): Promise<void> {
  for (const format of ["text", "json"]) {
    const args = ["evidence", "show", "f", "-o", format];
    const { exitCode, out, err } = await runCli(args, { files: { f: file } });
    assert.ok([0, 2, 3].includes(exitCode), `exit code ${exitCode}: ${err || out}`);
    assert.doesNotMatch(out + err, CONTROLS);
    if (format === "json" && out !== "") JSON.parse(out);
  }
}

interface Given {
  readonly seed: number;
  readonly steps: readonly Step[];
}

/** Files for `evidence show`. */
export const anyFile: Kind = kindOf<Given>({
  id: "show",
  says: "any file for `evidence show`",
  given: async () => {
    const files = await (loaded ??= seedFiles());
    return fc.record({ seed: fc.nat(files.length - 1), steps: someSteps(STEPS, { "bytes": 6 }) });
  },
  async judge({ seed, steps }): Promise<Execution> {
    const files = await (loaded ??= seedFiles());
    const file = await takeSteps(STEPS, files[seed] ?? new Uint8Array(), steps);
    const execution = await assertShownBy(recognise, file);
    try {
      await assertCommand(file);
    } catch (error) {
      throw new Finding(error, { file });
    }
    return execution;
  },
});
