/**
 * Identity documents of EC2 with their signatures, one thing bent and the rest
 * made to fit, so that each step is reached.
 *
 * @module
 */

import { concat, uint64 } from "../../src/core/bytes.ts";
import {
  attribute,
  attributesOf,
  bareBase64,
  certificatesOf,
  ISSUER,
  NOW,
  OID,
  regionCertificate,
  SERIAL,
  type SignatureParts,
  writeDocument,
  writeSignature,
  writeStreamed,
} from "../../src/evidence/ec2/portable/signed_test.ts";
import { explicit, integer, octetString, oid, sequence } from "../../src/core/x509_writer/der.ts";
import { generateLabKey } from "../../src/lab/lab_key.ts";
import { writeName } from "../../src/lab/name.ts";
import { pem } from "../../src/lab/pem.ts";
import { editBytes, editText } from "./byte_edits.ts";
import { derNode, editDer, writeDer } from "./der_edits.ts";
import type { Dice } from "./dice.ts";
import { editJson, type JsonWords } from "./json_edits.ts";

const WORDS: JsonWords = {
  raws: [
    ...['""', '"012345678901"', '"12"', "null", "true", "0", "1.5", "[]", "{}", "-0", "1e400"],
    ...["9007199254740992", '"\\ud800"', '"\\u0000"', '"\u{1f600}"', '{"a":{"a":1}}'],
  ],
  names: ["accountId", "instanceId", "region", "version", "imageId", "x", "", "__proto__"],
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A document, sometimes bent. */
function bentDocument(dice: Dice): Uint8Array {
  const text = new TextDecoder().decode(writeDocument());
  if (!dice.once(4)) return utf8(text);
  return utf8(dice.once(4) ? editText(text, dice) : editJson(text, dice, WORDS));
}

/** One part of a signature as a tree with an edit. */
function edited(der: Uint8Array, dice: Dice): Uint8Array {
  const node = derNode(der);
  editDer(node, dice);
  return writeDer(node);
}

async function bentParts(document: Uint8Array, dice: Dice): Promise<Partial<SignatureParts>> {
  const attributes = await attributesOf(document);
  const at = dice.below(attributes.length);
  const name = sequence(writeName(ISSUER), integer(SERIAL));
  const algorithm = sequence(oid(dice.pick(Object.values(OID))));
  const wrongDigest = attribute(OID.messageDigest, octetString(dice.bytes(32)));
  const bends: readonly (() => Partial<SignatureParts>)[] = [
    () => ({}),
    () => ({ attributes: null }),
    () => ({ attributes: attributes.map((one, i) => i === at ? edited(one, dice) : one) }),
    () => ({ attributes: attributes.filter((_, i) => i !== at) }),
    () => ({ attributes: [...attributes, ...attributes.slice(at)] }),
    () => ({ signerName: edited(name, dice) }),
    () => ({ contentInfo: sequence(oid(OID.data)) }),
    () => ({ contentInfo: edited(sequence(oid(OID.data)), dice) }),
    () => ({ digestAlgorithm: algorithm }),
    () => ({ signatureAlgorithm: algorithm }),
    () => ({ ignored: [certificatesOf(name), explicit(dice.pick([0, 1, 2]), name)].slice(at % 2) }),
    () => ({ unsigned: [explicit(dice.pick([0, 1, 2]), name)] }),
    () => ({ version: dice.pick([0, 1, 3, 256]) }),
    () => ({ signers: dice.pick([0, 1, 2]) }),
    () => ({ message: document }),
    () => ({ attributes: [...attributes.slice(0, 2), wrongDigest] }),
  ];
  return dice.pick(bends)();
}

/** A file in one of the forms that are taken, or nearly. */
function fileOf(der: Uint8Array, dice: Dice): Uint8Array {
  const blank = (): string => dice.pick(["", "", "\n", " \t", "\r\n", "\f", "\v", "\u00a0"]);
  switch (dice.below(6)) {
    case 0:
      return utf8(blank() + bareBase64(der) + blank());
    case 1:
      return utf8(blank() + pem(dice.pick(["PKCS7", "CMS", "CERTIFICATE"]), der) + blank());
    case 2:
      return utf8(editText(dice.once(2) ? bareBase64(der) : pem("CMS", der), dice));
    default:
      return der;
  }
}

async function bentSignature(document: Uint8Array, dice: Dice): Promise<Uint8Array> {
  const streamed = dice.once(4);
  const der = streamed
    ? await writeStreamed(document)
    : await writeSignature(document, await bentParts(document, dice));
  if (streamed || dice.once(6)) return dice.once(2) ? der : editBytes(der, dice);
  return dice.once(6) ? edited(der, dice) : der;
}

const { spki } = await generateLabKey("P-256");
/** The region's certificate. */
const CERTIFICATE = await regionCertificate();
/** Certificates that are another's, or of another kind of key. */
const OTHERS: readonly Uint8Array[] = [
  await regionCertificate({ serial: SERIAL + 1n }),
  await regionCertificate({ publicKey: spki }),
];

const SECOND = 1000;
/** Ends of the certificate's validity, and around them. */
const MOMENTS: readonly number[] = [
  ...[NOW.getTime(), NOW.getTime(), NOW.getTime(), Date.UTC(2026, 0, 1)],
  ...[Date.UTC(2026, 0, 1) - SECOND, Date.UTC(2027, 0, 1) - SECOND, Date.UTC(2027, 0, 1)],
];

/** Parts of a question about an identity, mostly bent in one place. */
export async function bentIdentity(dice: Dice): Promise<readonly Uint8Array[]> {
  const document = bentDocument(dice);
  const signature = fileOf(await bentSignature(document, dice), dice);
  const certificate = dice.once(10) ? dice.pick(OTHERS) : CERTIFICATE;
  const given = dice.once(12) ? editBytes(document, dice) : document;
  return [
    given,
    signature,
    dice.once(12) ? editBytes(certificate, dice) : concat(certificate),
    uint64(dice.pick(MOMENTS) / SECOND),
  ];
}
