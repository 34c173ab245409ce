/**
 * Signed documents: whatever an envelope says, what comes out of it is what an
 * accepted key signed, as what it was signed for.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { concat, equal, fromBase64, toBase64 } from "../../../src/core/bytes.ts";
import { canonicalJson } from "../../../src/core/canonical_json.ts";
import { looksLikeDsse, readDsse, signDsse, verifyDsse } from "../../../src/core/dsse.ts";
import { ecdsaRaw } from "../../../src/core/ecdsa_form.ts";
import { type PublicKey, SIGNING_KEY_KINDS } from "../../../src/core/signing_key.ts";
import { ownerAuthority, REFERENCE_MEDIA_TYPE } from "../../../src/policy/reference/authority.ts";
import { readSignedReference } from "../../../src/policy/reference/signed.ts";
import type { Dice } from "../../bends/dice.ts";
import { verifierKey } from "../../results/tokens.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { jsonSteps, valueOf } from "./json_steps.ts";

const OTHER_TYPE = "application/vnd.casemate.collateral+json";

/** One document of each type; the second of a type is another release's. */
const DOCUMENTS = [
  { type: REFERENCE_MEDIA_TYPE, payload: reference("5f") },
  { type: REFERENCE_MEDIA_TYPE, payload: reference("a0") },
  { type: OTHER_TYPE, payload: reference("5f") },
] as const;

function reference(byte: string): Uint8Array<ArrayBuffer> {
  return canonicalJson({ version: 1, "sev-snp": { measurements: [byte.repeat(48)] } });
}

/** An envelope as any writer may have it. */
interface Form {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid?: string; readonly sig: string }[];
}

/** What was signed, and by whom. */
interface Minted {
  readonly files: readonly Uint8Array[];
  /** Keys that signed, and the last, which never did. */
  readonly keys: readonly PublicKey[];
}

let made: Promise<Minted> | undefined;

/** All documents, each signed by one key and by all of them. */
async function mint(): Promise<Minted> {
  const keys = await Promise.all(SIGNING_KEY_KINDS.map((kind) => verifierKey(kind)));
  const files = [];
  for (const { type, payload } of DOCUMENTS) {
    for (const signers of [...keys.map((key) => [key]), keys]) {
      files.push(await signDsse(type, payload, signers));
    }
  }
  return { files, keys: keys.map(({ publicKey }) => publicKey) };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The form, where a step before left one. */
function formOf(file: Uint8Array): Form {
  const value = Object(valueOf(file));
  const { payloadType, payload, signatures } = value;
  const isForm = typeof payload === "string" && Array.isArray(signatures) &&
    signatures.every((one) => typeof one?.sig === "string" && isBase64(one.sig));
  if (isForm && isBase64(payload)) return { payloadType, payload, signatures };
  throw new RangeError("It is no envelope");
}

const written = (form: object): Uint8Array => utf8(JSON.stringify(form));

async function anotherOf(dice: Dice): Promise<Form> {
  return formOf(dice.pick((await (made ??= mint())).files));
}

/** Changes the bytes of a signature, whatever they are. */
function withSignature(file: Uint8Array, dice: Dice, change: (sig: Uint8Array) => Uint8Array) {
  const form = formOf(file);
  const at = dice.below(form.signatures.length);
  const signatures = form.signatures.map((one, i) => {
    return i === at ? { ...one, sig: toBase64(change(fromBase64(one.sig))) } : one;
  });
  return written({ ...form, signatures });
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

const STEPS: StepTable<Uint8Array> = {
  ...jsonSteps({
    raws: [
      ...DOCUMENTS.map(({ type }) => JSON.stringify(type)),
      ...DOCUMENTS.map(({ payload }) => JSON.stringify(toBase64(payload))),
      '"MAYCAQECAQE="',
      '{"sig":"AA=="}',
      '[{"sig":"AA=="}]',
      '"AB=="',
    ],
    names: ["payloadType", "payload", "signatures", "keyid", "sig", "cert"],
  }),
  "other payload": async (file, dice) =>
    written({ ...formOf(file), payload: (await anotherOf(dice)).payload }),
  "other type": async (file, dice) =>
    written({ ...formOf(file), payloadType: (await anotherOf(dice)).payloadType }),
  "other signatures": async (file, dice) => {
    const [form, other] = [formOf(file), await anotherOf(dice)];
    return written({ ...form, signatures: [...form.signatures, ...other.signatures].reverse() });
  },
  "payload's bytes": (file, dice) => {
    const form = formOf(file);
    const payload = fromBase64(form.payload);
    const at = dice.below(payload.length);
    payload[at] = (payload[at] ?? 0) ^ 1 << dice.below(8);
    return written({ ...form, payload: toBase64(payload) });
  },
  // Between type and payload nothing but lengths says where one ends.
  "moved border": (file) => {
    const form = formOf(file);
    const [first = ""] = atob(form.payload);
    return written({
      ...form,
      payloadType: `${form.payloadType}${first}`,
      payload: btoa(atob(form.payload).slice(1)),
    });
  },
  "signature's bytes": (file, dice) =>
    withSignature(file, dice, (sig) => {
      const at = dice.below(sig.length);
      return sig.map((byte, i) => i === at ? byte ^ 1 << dice.below(8) : byte);
    }),
  "signature raw": (file, dice) =>
    withSignature(file, dice, (sig) => ecdsaRaw(sig, 32) ?? ecdsaRaw(sig, 48) ?? sig),
  "signature longer": (file, dice) =>
    withSignature(file, dice, (sig) => concat(sig, dice.bytes(1))),
  "other order": (file) => {
    const { payloadType, payload, signatures } = formOf(file);
    return written({ payload, signatures, payloadType });
  },
  "no keyid": (file) => {
    const form = formOf(file);
    return written({ ...form, signatures: form.signatures.map(({ sig }) => ({ sig })) });
  },
};

interface Given {
  readonly file: number;
  readonly keys: readonly number[];
  readonly type: string;
  readonly steps: readonly Step[];
}

/** Whether a payload is what one of these documents says. */
function isSigned(type: string, payload: Uint8Array): boolean {
  return DOCUMENTS.some((one) => one.type === type && equal(one.payload, payload));
}

/** Names in escapes, or more blanks than words in front: that it is unsigned is then the answer. */
function isOddlyWritten(file: Uint8Array): boolean {
  return /^\s*\{(?:\s*"[^":]*\\u|\s{4000})/.test(new TextDecoder().decode(file));
}

/** Opens an envelope as any purpose, and says how that ended. */
async function opened(file: Uint8Array, type: string, keys: readonly PublicKey[]) {
  try {
    const envelope = readDsse(file, "f");
    assert.ok(looksLikeDsse(file) || isOddlyWritten(file), "an envelope does not look like one");
    const { payload, by } = await verifyDsse(envelope, type, keys);
    assert.ok(isSigned(type, payload), "nobody signed this payload as that");
    assert.ok(keys.includes(by), "the key is one of those that are accepted");
    return "accepted";
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^dsse\.|^input\.too_large$/);
    return error.code;
  }
}

/** Reads it as reference values: the same verdict, as long as it is for that purpose. */
async function asReference(file: Uint8Array, keys: readonly PublicKey[]): Promise<string> {
  try {
    const { document, owner } = await readSignedReference(file, [ownerAuthority(keys)]);
    const payload = canonicalJson(document as Parameters<typeof canonicalJson>[0]);
    assert.ok(isSigned(REFERENCE_MEDIA_TYPE, payload), "nobody signed these values");
    assert.ok(keys.some(({ id }) => id === owner), "the owner is one that is accepted");
    return "accepted";
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^(dsse|reference)\.|^input\.too_large$/);
    return error.code;
  }
}

/** Signed documents. */
export const signed: Kind = kindOf<Given>({
  id: "signed",
  says: "signed documents",
  given: async () => {
    const { files, keys } = await (made ??= mint());
    return fc.record({
      file: fc.nat(files.length - 1),
      keys: fc.uniqueArray(fc.nat(keys.length - 1), { minLength: 1 }),
      type: fc.constantFrom(REFERENCE_MEDIA_TYPE, REFERENCE_MEDIA_TYPE, OTHER_TYPE),
      steps: someSteps(STEPS, { "tree": 4 }),
    });
  },
  async judge({ file: at, keys: chosen, type, steps }) {
    const { files, keys: all } = await (made ??= mint());
    const file = await takeSteps(STEPS, files[at] ?? new Uint8Array(), steps);
    const keys = all.filter((_, i) => chosen.includes(i));
    return await timed(async () => {
      const end = await opened(file, type, keys);
      const values = await asReference(file, keys);
      const same = type === REFERENCE_MEDIA_TYPE && !isOddlyWritten(file);
      if (same) assert.equal(values === "accepted", end === "accepted", `${values}, ${end}`);
      return end;
    }, { signed: file });
  },
});
