import assert from "node:assert/strict";
import {
  ascii,
  believeAll,
  fakeLog,
  hashed,
  little,
  separator,
  variableData,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { concat, fromHex, toHex } from "../../core/bytes.ts";
import { readClaims } from "./claims.ts";
import { readGuid } from "./guid.ts";
import { MAX_LISTED_SIGNATURES, type SignatureDatabaseClaim } from "./signature_databases.ts";
import { readSignatureLists } from "./signature_lists.ts";
import { readVariableData } from "./variable_data.ts";

const CERTIFICATES = "a159c0a5e494a74a87b5ab155c2bf072";
const SHA256 = "2616c4c14c509240aca941f936934328";
const OWNER = "bd9afa775903324dbd6028f4e78f784b";

/** A list of signatures of one size. */
function list(type: string, signatures: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const each = 16 + (signatures[0]?.length ?? 0);
  const size = 28 + each * signatures.length;
  const head = concat(fromHex(type), little(size, 4), little(0, 4), little(each, 4));
  return concat(head, ...signatures.flatMap((one) => [fromHex(OWNER), one]));
}

async function databases(
  name: string,
  value: Uint8Array,
): Promise<readonly [readonly SignatureDatabaseClaim[], readonly string[]]> {
  const vendor = name.startsWith("db") ? "imageSecurity" : "global";
  const data = variableData(vendor, name, value);
  const log = fakeLog([whole(7, 0x80000001, data), separator(7)]);
  const { found, remarks } = await readClaims(log, believeAll(log));
  return [found.signatureDatabases, remarks.map(({ kind }) => kind)];
}

const certificate = ascii("any certificate");
const hash = (n: number): Uint8Array => new Uint8Array(32).fill(n);

Deno.test("readSignatureDatabases() tells keys and hashes, and counts all", async () => {
  const hashes = Array.from({ length: MAX_LISTED_SIGNATURES + 6 }, (_, n) => hash(n));
  const value = concat(list(CERTIFICATES, [certificate]), list(SHA256, hashes));
  const [[claim]] = await databases("dbx", value);
  assert.ok(claim);
  assert.equal(claim.sha256, hashed("sha256", value));
  assert.deepEqual(claim.certificates, [{
    owner: "77fa9abd-0359-4d32-bd60-28f4e78f784b",
    sha256: hashed("sha256", certificate),
  }]);
  assert.deepEqual([claim.hashCount, claim.otherCount], [MAX_LISTED_SIGNATURES + 6, 0]);
  assert.equal(claim.hashes.length, MAX_LISTED_SIGNATURES);
  assert.equal(claim.hashes[3], toHex(hash(3)));
});

Deno.test("readSignatureDatabases() knows a database that is not set", async () => {
  const [[claim], remarks] = await databases("PK", new Uint8Array());
  assert.deepEqual([claim?.name, claim?.bytes, claim?.certificateCount, remarks.length], [
    "PK",
    0,
    0,
    0,
  ]);
});

Deno.test("readSignatureLists() refuses sizes that do not fit to the last byte", () => {
  const good = list(SHA256, [hash(1), hash(2)]);
  const changed = (at: number, value: number): Uint8Array<ArrayBuffer> => {
    const bytes = good.slice();
    bytes.set(little(value, 4), at);
    return bytes;
  };
  assert.equal(readSignatureLists(good)?.[0]?.signatures.length, 2);
  const bad: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
    "cut short": good.subarray(0, -1),
    "extended": concat(good, Uint8Array.of(0)),
    "list of nothing": changed(16, 0),
    "list of its head alone": concat(changed(16, 28).subarray(0, 28)),
    "list beyond the end": changed(16, good.length + 1),
    "header that the type has not": changed(20, 48),
    "header beyond the list": changed(20, 0xffff_ffff),
    "signature of nothing": changed(24, 0),
    "signature of its owner alone": changed(24, 16),
    "two hashes as one": changed(24, 96),
    "hash of another size": changed(24, 32),
  };
  for (const [what, bytes] of Object.entries(bad)) {
    assert.equal(readSignatureLists(bytes), null, what);
  }
});

Deno.test("readSignatureDatabases() makes no claim of a database that cannot be read", async () => {
  const [claims, remarks] = await databases("db", list(SHA256, [hash(1)]).subarray(1));
  assert.deepEqual([claims, remarks], [[], ["variable-malformed"]]);
});

Deno.test("readVariableData() takes the lengths at their word, to the last byte", () => {
  const data = variableData("global", "PK", ascii("value"));
  const variable = readVariableData(data);
  assert.deepEqual([variable?.vendor, variable?.name, variable?.value], [
    readGuid(fromHex("61dfe48bca93d211aa0d00e098032b8c")),
    "PK",
    ascii("value"),
  ]);
  assert.equal(readVariableData(data.subarray(0, -1)), null);
  assert.equal(readVariableData(concat(data, Uint8Array.of(0))), null);
  assert.equal(readVariableData(data.subarray(0, 31)), null);
  // 2^63 units are 2^64 bytes, which must not wrap to none.
  const wrapping = data.slice();
  wrapping.set(Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0x80), 16);
  assert.equal(readVariableData(wrapping), null);
});
