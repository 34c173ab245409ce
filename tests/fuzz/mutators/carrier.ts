/**
 * Certificates that carry evidence: bent records, bent DER around them, several
 * extensions, bytes of the certificate.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { concat } from "../../../src/core/bytes.ts";
import { toBase64url } from "../../../src/core/base64url.ts";
import { CMW_EXTENSION, evidenceOf } from "../../../src/evidence/envelope/certificate.ts";
import {
  der,
  ecdsa,
  type Extension,
  generateLabKey,
  pem,
  writeCertificate,
} from "../../../src/lab/mod.ts";
import type { Dice } from "../../bends/dice.ts";
import { derNode, editDer, writeDer } from "../../bends/der_edits.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, bothEngines, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { type GivenRecord, givenRecords, recordOf } from "./cmw.ts";

const DICE = "2.23.133.5.4.9";
const QUOTE = "1.2.840.113741.1337.6";

const NAME = [{ type: "2.5.4.3", value: "node", encoding: "utf8" }] as const;
const key = await generateLabKey("P-256");

/** A certificate on its way. */
interface Bent {
  /** The record that it carries. */
  readonly record: Uint8Array;
  readonly extensions: readonly Extension[];
  /** Change of the certificate that comes of them. */
  readonly edit: (certificate: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

const extension = (oid: string, value: Uint8Array): Extension => ({ oid, critical: false, value });

const utf8String = (bytes: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(0x0c), der.octetString(bytes).subarray(1));

/** The record in one of the forms that there are, right or not. */
function carried(record: Uint8Array, dice: Dice): Extension {
  const isJson = record[0] === 0x5b;
  const value = isJson !== dice.once(8) ? utf8String(record) : der.octetString(record);
  return extension(dice.pick([CMW_EXTENSION, CMW_EXTENSION, DICE]), dice.once(12) ? record : value);
}

/** The first extension's value with an edit. */
function editedValue(extensions: readonly Extension[], dice: Dice): readonly Extension[] {
  const [first, ...others] = extensions;
  if (first === undefined) throw new RangeError("There is no extension");
  const node = derNode(first.value);
  editDer(node, dice);
  return [{ ...first, value: writeDer(node) }, ...others];
}

const STEPS: StepTable<Bent> = {
  "carried": (bent, dice) => ({ ...bent, extensions: [carried(bent.record, dice)] }),
  "more": (bent, dice) => ({
    ...bent,
    extensions: [...bent.extensions, carried(bent.record, dice)],
  }),
  "quote": (bent, dice) => ({
    ...bent,
    extensions: [...bent.extensions, extension(QUOTE, dice.bytes(dice.pick([0, 1, 600])))],
  }),
  "quote alone": (bent, dice) => ({ ...bent, extensions: [extension(QUOTE, dice.bytes(600))] }),
  "value": (bent, dice) => ({ ...bent, extensions: editedValue(bent.extensions, dice) }),
  "bytes of the value": async (bent, dice) => ({
    ...bent,
    extensions: await Promise.all(bent.extensions.map(async (one) => ({
      ...one,
      value: await anyByteStep(one.value, dice),
    }))),
  }),
  "bytes": (bent, dice) => ({ ...bent, edit: (bytes) => anyByteStep(bytes, dice) }),
  "PEM": (bent, dice) => ({
    ...bent,
    edit: (bytes) =>
      new TextEncoder().encode(pem("CERTIFICATE", bytes).repeat(dice.pick([1, 1, 2]))),
  }),
};

async function written({ extensions, edit }: Bent): Promise<Uint8Array> {
  return await edit(
    await writeCertificate({
      version: 3,
      serial: 7n,
      issuer: NAME,
      subject: NAME,
      notBefore: new Date("2026-01-01T00:00:00Z"),
      notAfter: new Date("2027-01-01T00:00:00Z"),
      publicKey: key.spki,
      extensions,
      algorithm: ecdsa("SHA-256"),
      signWith: key,
    }),
  );
}

function includes(whole: Uint8Array, part: Uint8Array): boolean {
  const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
  return text(whole).includes(text(part));
}

/** Asserts that what was found stands in the certificate. */
function assertCarried(certificate: Uint8Array, bytes: Uint8Array): void {
  const isText = certificate[0] !== 0x30 || includes(certificate, Uint8Array.of(0x5c, 0x75));
  // PEM, and letters as escapes of JSON, hide it.
  if (isText) return;
  const text = new TextEncoder().encode(toBase64url(bytes));
  assert.ok(includes(certificate, bytes) || includes(certificate, text), "it stands in it");
}

async function endOf(certificate: Uint8Array): Promise<string> {
  try {
    const found = await evidenceOf(bothEngines, certificate);
    if (found === null) return "nothing";
    assertCarried(certificate, found.bytes);
    return found.kind;
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^(envelope\.(cmw|media_type)|input\.|x509\.)/);
    return error.code;
  }
}

interface Given {
  readonly record: GivenRecord;
  readonly isBent: boolean;
  readonly steps: readonly Step[];
}

/** Certificates that carry evidence. */
export const carrier: Kind = kindOf<Given>({
  id: "carrier",
  says: "certificates that carry evidence",
  given: () =>
    Promise.resolve(fc.record({
      record: givenRecords(),
      isBent: fc.boolean(),
      steps: someSteps(STEPS, { "carried": 3, "value": 2 }),
    })),
  async judge({ record, isBent, steps }) {
    const { file } = await recordOf(isBent ? record : { ...record, steps: [] });
    const plain: Bent = {
      record: file,
      extensions: [
        extension(CMW_EXTENSION, file[0] === 0x5b ? utf8String(file) : der.octetString(file)),
      ],
      edit: (bytes) => bytes,
    };
    const certificate = await written(await takeSteps<Bent>(STEPS, plain, steps));
    return await timed(() => endOf(certificate), { certificate });
  },
});
