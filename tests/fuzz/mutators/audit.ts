/**
 * Audit bundles: one that was changed is never found to be the same, unless all
 * that was asked and all that came of it still say what they said.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { examine } from "../../../src/verifier/examine.ts";
import { type AuditBundle, writeBundle } from "../../../src/audit/bundle.ts";
import { confirmBundle, type Known } from "../../../src/audit/confirm.ts";
import { firstDifference } from "../../../src/audit/first_difference.ts";
import { plainOf } from "../../../src/audit/plain.ts";
import { readBundle } from "../../../src/audit/read.ts";
import { wordOf } from "../../../src/audit/word.ts";
import { fromBase64, toBase64 } from "../../../src/core/bytes.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { documentDigest } from "../../../src/verifier/digests.ts";
import { vectorRequest } from "../../report/states.ts";
import type { Dice } from "../../bends/dice.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertResult, assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { inCanonicalForm, jsonSteps, valueOf } from "./json_steps.ts";

/** A vector of each kind of evidence and of each end. */
const NAMES = [
  "sev-snp/genoa-vcek",
  "tdx/v4-platform",
  "azure-sev-snp/join",
  "qemu-vtpm/enrolled",
  "tdx/bent-quote-forged",
] as const;

/** A bundle that is right, and what its reader knows. */
interface Base {
  readonly file: Uint8Array;
  readonly bundle: AuditBundle;
  readonly known: Known;
}

let made: Promise<readonly Base[]> | undefined;

async function make(): Promise<readonly Base[]> {
  return await Promise.all(NAMES.map(async (name) => {
    const request = await vectorRequest(name);
    const result = await examine(inlineEngine, request);
    const file = writeBundle(request, result, { casemate: "1.2.3" });
    return { file, bundle: readBundle(file, "a"), known: { labRoots: request.labRoots ?? [] } };
  }));
}

/** Changes a file, the statement or a root inside: canonical as before, another in truth. */
async function inBase64(file: Uint8Array, dice: Dice): Promise<Uint8Array> {
  const text = new TextDecoder().decode(file);
  const all = [...text.matchAll(/"((?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}[=A-Z]=|))"/g)];
  const { 1: inner = "", index } = dice.pick(all);
  const changed = toBase64(await anyByteStep(fromBase64(inner), dice));
  return new TextEncoder().encode(
    text.slice(0, index + 1) + changed + text.slice(index + 1 + inner.length),
  );
}

/** Puts parts of one bundle into another. */
async function withOther(file: Uint8Array, dice: Dice): Promise<Uint8Array> {
  const other = Object(valueOf(dice.pick(await (made ??= make())).file));
  const own = structuredClone(Object(valueOf(file)));
  const part = dice.pick([["request"], ["result"], ["request", "policy"], ["request", "files"]]);
  const [first = "", second] = part;
  if (second === undefined) own[first] = other[first];
  else own[first] = { ...own[first], [second]: other[first][second] };
  return inCanonicalForm(new TextEncoder().encode(JSON.stringify(own)));
}

const STEPS: StepTable<Uint8Array> = {
  ...jsonSteps({
    raws: [
      ...['"trusted"', '"lab-trusted"', '"platform-only"', '"rejected"', '"match"', '"mismatch"'],
      ...['"full"', '"crypto-only"', '"wasm"', '"portable"', '"both"', '"amd"', '"lab"', '["amd"]'],
      ...['"2026-11-22T12:00:00.000Z"', '"1.2.3"', '{"version":1}', '"any"', '"once"'],
    ],
    names: [
      ...["verdict", "findings", "kind", "warnings", "policy", "reference", "signedReference"],
      ...["labRoots", "files", "statement", "expect", "nonce", "time", "engine", "freshness"],
      ...["exceptions", "collateral", "claims", "digests", "casemate"],
    ],
  }),
  "file": inBase64,
  "other": withOther,
};

interface Given {
  readonly base: number;
  readonly knowing: boolean;
  readonly steps: readonly Step[];
}

/** What a bundle that is found to be the same may differ in: who wrote it, and roots that had no part in it. */
function counted({ request, result }: AuditBundle): unknown {
  const { labRoots: _roots, engine: _engine, policy, expect, files, ...asked } = request;
  return {
    asked: { ...asked, policy: documentDigest(policy ?? { version: 1 }) },
    // No member of an expectation that the default says, no role without files.
    expect: Object.entries(expect ?? {}).filter(([name]) => name !== "freshness"),
    files: Object.entries(files).filter(([, given]) => given.length > 0),
    result,
  };
}

async function endOf(file: Uint8Array, { bundle: start, known }: Base, knowing: boolean) {
  try {
    const read = readBundle(file, "a");
    const asked = knowing
      ? { ...known, nonce: String(start.request.expect?.["nonce"] ?? "") }
      : known;
    const words = wordOf(read, asked);
    assert.ok(words.every((word) => word.length > 0 && !word.endsWith(".")));
    const { result, difference } = await confirmBundle(inlineEngine, read, asked, "1.2.3");
    assertResult(result);
    assert.equal(difference, null, "without a moment of one's own there is no difference");
    // Parts of another may make it that other one.
    const all = await (made ??= make());
    const differences = all.map(({ bundle }) =>
      firstDifference(plainOf(counted(bundle)), plainOf(counted(read)))
    );
    assert.ok(differences.includes(null), `said to be the same: ${JSON.stringify(differences)}`);
    return "the same";
  } catch (error) {
    assertTyped(error);
    return error.code;
  }
}

/** Audit bundles. */
export const audit: Kind = kindOf<Given>({
  id: "audit",
  says: "audit bundles",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(NAMES.length - 1),
      knowing: fc.boolean(),
      steps: someSteps(STEPS, { "canonical tree": 12, "file": 5, "other": 3 }),
    })),
  async judge({ base: at, knowing, steps }) {
    const base = (await (made ??= make()))[at];
    if (base === undefined) throw new RangeError("There is no such bundle");
    const file = await takeSteps(STEPS, base.file, steps);
    return await timed(() => endOf(file, base, knowing), { audit: file });
  },
});
