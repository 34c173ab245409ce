import assert from "node:assert/strict";
import { toBase64 } from "../../core/bytes.ts";
import { canonicalJson, type CanonicalValue } from "../../core/canonical_json.ts";
import { signDsse } from "../../core/dsse.ts";
import { InputError, RejectedError } from "../../core/errors.ts";
import { generateSigningKey, readSigningKey, type SigningKey } from "../../core/signing_key.ts";
import { technologies } from "../../evidence/registry.ts";
import {
  ownerAuthority,
  REFERENCE_MEDIA_TYPE,
  type ReferenceAuthority,
  signReference,
} from "./authority.ts";
import { readReference } from "./read.ts";
import { readSignedReference } from "./signed.ts";

const newKey = async (): Promise<SigningKey> =>
  await readSigningKey((await generateSigningKey("P-384")).pkcs8);

const [owner, other] = [await newKey(), await newKey()];
const authority = ownerAuthority([owner.publicKey]);
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const DOCUMENT: CanonicalValue = {
  version: 1,
  release: "casemate-1.4.0",
  issued: "2026-11-20T10:00:00Z",
  sets: [{ name: "1.4.0", "sev-snp": { measurements: ["11".repeat(48)] } }],
};
const PAYLOAD = canonicalJson(DOCUMENT);
const signed = await signReference(DOCUMENT, [owner]);

/** Any bytes, signed as if they were reference values. */
const signedText = (text: Uint8Array): Promise<Uint8Array> =>
  signDsse(REFERENCE_MEDIA_TYPE, text, [owner]);

/** Members of an envelope, of which an attacker changes some. */
interface Envelope {
  payloadType: string;
  payload: string;
  signatures: { keyid: string; sig: string }[];
}

function changed(change: (envelope: Envelope) => void): Uint8Array {
  const envelope: Envelope = JSON.parse(new TextDecoder().decode(signed));
  change(envelope);
  return utf8(JSON.stringify(envelope));
}

async function codeOf(
  bytes: Uint8Array,
  authorities: readonly ReferenceAuthority[] = [authority],
): Promise<string> {
  try {
    await readSignedReference(bytes, authorities, "r.json");
    return "taken";
  } catch (error) {
    assert.ok(error instanceof RejectedError || error instanceof InputError, String(error));
    const kind = error instanceof RejectedError ? "rejected" : "input";
    return `${kind}: ${error.code}`;
  }
}

Deno.test("readSignedReference() gives what the owner signed, and says whose word it is", async () => {
  const found = await readSignedReference(signed, [authority]);
  assert.deepEqual(found.document, DOCUMENT);
  assert.equal(found.owner, owner.publicKey.id);
  assert.deepEqual([found.key, found.file], [owner.publicKey.spki, signed]);
  const reused = signed.slice();
  const kept = await readSignedReference(reused, [authority]);
  reused.fill(0);
  assert.deepEqual(kept.file, signed);
  assert.equal(readReference(found.document, technologies).release, "casemate-1.4.0");
  assert.throws(() => Object.assign(found, { owner: "somebody" }), TypeError);
  const document = Object(found.document);
  for (const signed of [document, document.sets, document.sets[0]]) {
    assert.throws(() => Object.assign(signed, { 0: "another" }), TypeError);
  }
});

Deno.test("readSignedReference() takes the word of any owner that is named, and of no other", async () => {
  const both = ownerAuthority([other.publicKey, owner.publicKey]);
  assert.equal(await codeOf(signed, [both]), "taken");
  assert.equal(await codeOf(signed, [ownerAuthority([other.publicKey]), authority]), "taken");
  assert.equal(await codeOf(signed, [ownerAuthority([other.publicKey])]), "rejected: dsse.key");
  const renamed = changed(({ signatures: [first] }) => {
    if (first !== undefined) first.keyid = other.publicKey.id;
  });
  assert.equal(
    await codeOf(renamed, [ownerAuthority([other.publicKey])]),
    "rejected: dsse.signature",
  );
});

Deno.test("readSignedReference() refuses what was signed for another purpose", async () => {
  for (
    const type of [
      "application/vnd.casemate.collateral+json",
      `${REFERENCE_MEDIA_TYPE};v=2`,
      "application/json",
    ]
  ) {
    assert.equal(await codeOf(await signDsse(type, PAYLOAD, [owner])), "rejected: dsse.type");
  }
  const retyped = await signDsse("application/json", PAYLOAD, [owner]);
  const envelope: Envelope = JSON.parse(new TextDecoder().decode(retyped));
  const lying = utf8(JSON.stringify({ ...envelope, payloadType: REFERENCE_MEDIA_TYPE }));
  assert.equal(await codeOf(lying), "rejected: dsse.signature");
});

Deno.test("readSignedReference() refuses a document of which any byte was changed", async () => {
  for (let at = 0; at < PAYLOAD.length; at += 7) {
    const bent = PAYLOAD.map((byte, i) => i === at ? byte ^ 1 : byte);
    const file = changed((envelope) => void (envelope.payload = toBase64(bent)));
    assert.equal(await codeOf(file), "rejected: dsse.signature", `byte ${at}`);
  }
});

Deno.test("readSignedReference() refuses another text of the same content, signed or not", async () => {
  const yaml = utf8('version: 1\n"sev-snp":\n  measurements: ["' + "11".repeat(48) + '"]\n');
  const pretty = utf8(JSON.stringify(DOCUMENT, null, 2));
  for (const text of [yaml, pretty, utf8(` ${new TextDecoder().decode(PAYLOAD)}`)]) {
    const file = changed((envelope) => void (envelope.payload = toBase64(text)));
    assert.equal(await codeOf(file), "rejected: dsse.signature");
    assert.equal(await codeOf(await signedText(text)), "input: reference.encoding");
  }
});

Deno.test("readSignedReference() refuses what is signed and has two readings, or none", async () => {
  const texts = [
    '{"version":1,"version":1}',
    '{"version":1.5}',
    '{"version":1e999}',
    "[".repeat(100) + "]".repeat(100),
    "",
    "\ufeff{}",
    '{"a":"\\ud800"}',
  ];
  for (const text of texts) {
    assert.equal(
      await codeOf(await signedText(utf8(text))),
      "input: reference.encoding",
    );
  }
  const large = canonicalJson({ version: 1, release: "x".repeat(300_000) });
  assert.equal(await codeOf(await signedText(large)), "input: input.too_large");
});

Deno.test("readSignedReference() refuses what is not signed, and damaged envelopes", async () => {
  assert.equal(await codeOf(PAYLOAD), "input: reference.unsigned");
  assert.equal(await codeOf(utf8("version: 1\n")), "input: reference.unsigned");
  const unsigned = changed((envelope) => void (envelope.signatures = []));
  assert.equal(await codeOf(unsigned), "input: dsse.malformed");
  assert.equal(await codeOf(signed.subarray(0, signed.length - 9)), "input: dsse.malformed");
  const empty = changed(({ signatures: [first] }) => {
    if (first !== undefined) first.sig = "";
  });
  assert.equal(await codeOf(empty), "rejected: dsse.signature");
  await assert.rejects(readSignedReference(signed, []), RangeError);
  assert.throws(() => ownerAuthority([]), RangeError);
});

Deno.test("readSignedReference() lets a damaged form be told when it is used, whoever signed it", async () => {
  const twice = { name: "a", "sev-snp": { measurements: ["11".repeat(48)] } };
  const document = {
    version: 1,
    release: "r",
    issued: "2026-11-20T10:00:00Z",
    sets: [twice, twice],
  };
  const found = await readSignedReference(await signReference(document, [owner]), [
    authority,
  ]);
  assert.throws(
    () => readReference(found.document, technologies),
    (error) => error instanceof InputError && /name of another set/.test(error.message),
  );
});
