/**
 * What sources of collateral answer: whatever is taken is, certificate for
 * certificate and word for word, what the vendor hands out for what was asked.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { concat, fromBase64, fromHex, isBytes, toHex } from "../../../src/core/bytes.ts";
import type { CollateralAnswer, CollateralContent } from "../../../src/evidence/collateral.ts";
import type { Dice } from "../../bends/dice.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { BYTE_STEPS } from "./bytes.ts";
import { jsonSteps } from "./json_steps.ts";
import { vendorBases } from "./vendor_bases.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const JSON_STEPS = jsonSteps({
  raws: ['"TDX"', '"TD_QE"', '"QE"', '"UpToDate"', '"Revoked"', '"2099-01-01T00:00:00Z"', '"00"'],
  names: ["tcbInfo", "enclaveIdentity", "signature", "vcekCert", "certificateChain", "tcbm"],
});

const inBody =
  (step: (body: Uint8Array, dice: Dice) => Uint8Array | Promise<Uint8Array>) =>
  async (answer: CollateralAnswer, dice: Dice): Promise<CollateralAnswer> => ({
    ...answer,
    body: await step(answer.body, dice),
  });

/** Changes a header as text, or what its percent signs stand for. */
async function inHeader(answer: CollateralAnswer, dice: Dice): Promise<CollateralAnswer> {
  const [[name, value] = ["", ""]] = Object.entries(answer.headers);
  if (name === "") throw new RangeError("It has no header");
  const plain = dice.once(2);
  const text = utf8(plain ? decodeURIComponent(value) : value);
  const changed = textOf(
    await BYTE_STEPS[dice.pick(["bytes", "text", "moved"])]?.(text, dice) ?? text,
  );
  const written = plain ? encodeURIComponent(changed.toWellFormed()) : changed;
  return { ...answer, headers: { [name]: written } };
}

async function anyOther(dice: Dice): Promise<CollateralAnswer> {
  return dice.pick(await vendorBases()).answer;
}

const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${
    btoa(String.fromCharCode(...der)).replace(/.{64}/g, "$&\n")
  }\n-----END ${label}-----\n`;

const STEPS: StepTable<CollateralAnswer> = {
  ...Object.fromEntries(Object.entries(BYTE_STEPS).map(([name, step]) => [name, inBody(step)])),
  "tree": inBody((body, dice) => JSON_STEPS["tree"]?.(body, dice) ?? body),
  "as it is": (answer) => answer,
  "header": inHeader,
  "no header": (answer) => ({ ...answer, headers: {} }),
  "other body": async (answer, dice) => ({ ...answer, body: (await anyOther(dice)).body }),
  "other headers": async (answer, dice) => ({ ...answer, headers: (await anyOther(dice)).headers }),
  "joined": inBody(async (body, dice) =>
    dice.once(2)
      ? concat(body, (await anyOther(dice)).body)
      : concat((await anyOther(dice)).body, body)
  ),
  "hex": inBody((body) => utf8(toHex(body))),
  "PEM": inBody((body, dice) => utf8(pem(dice.pick(["CERTIFICATE", "X509 CRL", "X"]), body))),
  "other order": inBody((body) =>
    utf8(textOf(body).split(/(?<=-----END [A-Z ]+-----\n)/).reverse().join(""))
  ),
  "blanks": inBody((body, dice) => concat(utf8(dice.pick([" ", "\n", "\ufeff", "\0"])), body)),
};

/** What a file holds: DER, or text without the ways to write it. */
function contentsOf(file: Uint8Array): readonly string[] {
  if (file[0] === 0x30) return [toHex(file)];
  const text = textOf(file).trim();
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g)];
  if (blocks.length > 0) {
    return blocks.map(([, , body = ""]) => toHex(fromBase64(body.replaceAll(/\s/g, ""))));
  }
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return [toHex(fromHex(text.toLowerCase()))];
  return [signedText(text)];
}

/** A document without blanks around what is signed, whose own must stand as they are. */
function signedText(text: string): string {
  const { signature, ...rest } = Object(JSON.parse(text));
  const [[name, value] = ["", null]] = Object.entries(rest);
  assert.equal(Object.keys(rest).length, 1, "one document and its signature");
  assert.ok(text.includes(JSON.stringify(value)), "it stands there as it was signed");
  return `${name} ${JSON.stringify(value)} ${String(signature).toLowerCase()}`;
}

/** Content as it is compared. */
function plainOf({ files, issued, expires, ...rest }: CollateralContent): unknown {
  const all = Object.entries(files).map(([role, given]) => [
    role,
    (isBytes(given) ? [given] : given ?? []).flatMap(contentsOf),
  ]);
  return { ...rest, dates: [issued.getTime(), expires.getTime()], files: all };
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** Answers. */
export const vendorAnswer: Kind = kindOf<Given>({
  id: "answer",
  says: "answers of vendors of collateral",
  given: async () =>
    fc.record({
      base: fc.nat((await vendorBases()).length - 1),
      steps: someSteps(STEPS, { "bytes": 5, "tree": 3, "header": 2 }),
    }),
  async judge({ base: at, steps }) {
    const base = (await vendorBases())[at];
    if (base === undefined) throw new RangeError("There is no such answer");
    const { item, context, content } = base;
    const answer = await takeSteps(STEPS, base.answer, steps);
    const files = { body: answer.body, headers: utf8(JSON.stringify(answer.headers)) };
    return await timed(async () => {
      try {
        const read = await item.read(answer, context);
        assert.deepEqual(plainOf(read), plainOf(content), `it is no ${item.title}`);
        return "accepted";
      } catch (error) {
        assertTyped(error);
        assert.match(error.code, /^(snp|tdx|x509|input)\./);
        return error.code;
      }
    }, files);
  },
});
