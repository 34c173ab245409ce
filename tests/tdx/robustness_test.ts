/**
 * Whatever the bytes are, verification ends in a verdict or a typed error, and
 * nothing is accepted but what {@linkcode meansTheSame} says.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { concat, fromHex } from "../../src/core/bytes.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import { fileOf } from "../contracts/change.ts";
import { formsOf } from "../contracts/tdx_forms.ts";
import {
  assertJudged,
  assertNotAccepted,
  assertShown,
  editedBy,
  edits,
  overFiles,
  RUNS,
  stuffed,
  type Subject,
  testRobustness,
} from "../robustness.ts";
import { readVectors, type Vector } from "../vectors.ts";
import { asFile, filesOf, mint, sgxCode } from "./ask.ts";
import { overwritten } from "../bends/bytes.ts";
import { placesOf } from "./bytes_of.ts";
import { meansTheSame, takesZeros } from "./meaning.ts";

const given = (await readVectors("tdx")).filter(({ code }) => code === null);

/** The same under a policy that takes zeros behind the quote, as the default does. */
function withZeros(vector: Vector): Vector {
  const policy = Object(vector.policy);
  const section = Object.entries(Object(policy.tdx)).filter(([key]) => key !== "trailingBytes");
  const plain = { ...policy, tdx: Object.fromEntries(section) };
  return { ...vector, name: `${vector.name}, zeros allowed`, policy: plain };
}

/** The same with its collateral in text. */
function inText(vector: Vector, lists: string): Vector {
  const forms = formsOf(vector).filter(({ what }) => [lists, "chains in PEM"].includes(what));
  assert.equal(forms.length, 2);
  const files = Object.assign({}, vector.files, ...forms.map(({ files }) => files));
  return { ...vector, name: `${vector.name}, ${lists}`, files };
}

const vectors: readonly Vector[] = given.flatMap((vector) => [
  vector,
  inText(withZeros(vector), "lists in PEM"),
  inText(vector, "lists in hex"),
]);

const subject: Subject = { technology: tdx, vectors, means: meansTheSame };
const anyVector = fc.constantFrom(...vectors);

testRobustness(subject);

Deno.test("verification of what a parser could pass over ends in a refusal unless it means nothing (tdx)", async () => {
  const texts = [
    " ",
    "\n",
    "\r\n",
    "\t",
    "\f",
    "\r",
    "\0",
    "\0\0\0",
    "\uFEFF",
    "00",
    "=",
    "-",
    ",",
  ];
  const pieces = fc.constantFrom(...texts.map(asFile));
  // Near the ends, too, where more may stand than in between.
  const places = fc.oneof(fc.nat(), fc.nat(24), fc.nat(160).map((back) => -1 - back));
  const judged = { same: new Set<string>(), other: new Set<string>() };
  await overFiles(subject, fc.tuple(pieces, places), async ({ role, file, judge }, [piece, at]) => {
    const size = file.length + 1;
    const same = await judge(stuffed(file, at < 0 ? (size + at % size) % size : at % size, piece));
    judged[same ? "same" : "other"].add(role);
  }, 300);
  const all = tdx.files.map(({ role }) => role).toSorted();
  assert.deepEqual([...judged.same].toSorted(), all);
  assert.deepEqual([...judged.other].toSorted(), all);
});

Deno.test("verification of bytes behind a quote takes zeros alone, and those where the policy does (tdx)", async () => {
  const zeros = fc.nat(4000).map((size) => new Uint8Array(1 + size));
  const others = fc.uint8Array({ minLength: 1, maxLength: 70 });
  const mixed = fc.tuple(zeros, others).map((parts) => concat(...parts));
  const accepted = new Set<string>();
  await overFiles(subject, fc.oneof(zeros, others, mixed), async ({ vector }, tail) => {
    const quote = concat(fileOf(vector, "quote"), tail);
    const same = await assertJudged(subject, vector, "quote", quote);
    assert.equal(same, takesZeros(vector) && tail.every((byte) => byte === 0));
    if (same) accepted.add(vector.name);
  });
  assert.ok(accepted.size > 1, [...accepted].join());
});

/** Random bytes, with more and more of a right quote between them. */
function randomQuotes(quote: Uint8Array, random: Uint8Array): readonly Uint8Array[] {
  const places = placesOf(quote);
  const { signedEnd, signature, qeReport, authenticationSize, certification, chain } = places;
  const head = quote.subarray(0, 8);
  const vendor = quote.subarray(12, 28);
  const descriptor = quote[0] === 5 ? quote.subarray(48, 54) : new Uint8Array();
  const plain = random.subarray(0, quote.length);
  const known = overwritten(overwritten(plain, 0, head), 12, vendor);
  const framed = overwritten(known, 48, descriptor);
  const sized = [[signedEnd, signature], [qeReport - 6, qeReport], [authenticationSize, chain]]
    .reduce((file, [from = 0, to]) => overwritten(file, from, quote.subarray(from, to)), framed);
  const certified = overwritten(sized, certification, quote.subarray(certification));
  return [plain, overwritten(plain, 0, head), framed, sized, certified];
}

Deno.test("verification of random bytes of a quote's length, with versions and sizes right, ends in a typed refusal (tdx)", async () => {
  const most = Math.max(...vectors.map((vector) => fileOf(vector, "quote").length));
  const bytes = fc.uint8Array({ minLength: most, maxLength: most });
  const codes = new Set<string>();
  const check = async (vector: Vector, random: Uint8Array): Promise<void> => {
    for (const quote of randomQuotes(fileOf(vector, "quote"), random)) {
      codes.add((await assertNotAccepted(subject, vector, { quote })).code ?? "none");
    }
  };
  await fc.assert(fc.asyncProperty(anyVector, bytes, check), { ...RUNS, numRuns: 40 });
  // Each step of the frame leads further.
  for (const code of ["quote_version", "qe_vendor", "quote_length", "reserved_not_zero"]) {
    assert.ok(codes.has(`tdx.${code}`), `${code} not among ${[...codes].join()}`);
  }
});

Deno.test("verification of an SGX quote with bytes changed, cut or stuffed anywhere ends in a typed refusal", async () => {
  const minted = await mint({ version: 3 });
  const pckCrlChain = asFile(minted.pckCrlChain);
  const files = { ...filesOf(minted), pckCrlChain };
  const [first] = given;
  assert.ok(first);
  const vector = { ...first, name: "sgx", files, policy: {} };
  const sgx = { ...subject, vectors: [vector] };
  const change = fc.tuple(edits, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 40 }));
  await overFiles(sgx, change, async ({ role, file }, [changes, place, more]) => {
    const at = place % file.length;
    for (const other of [editedBy(file, changes), file.subarray(0, at), stuffed(file, at, more)]) {
      const right = meansTheSame(vector, role, other);
      assert.equal(await sgxCode(minted, { pckCrlChain, [role]: other }) === "none", right);
    }
  });
});

Deno.test("showing any bytes ends in a description, in nothing, or in a typed error (tdx)", async () => {
  const starts = [
    ...["", "{", '{"tcbInfo":', '{"enclaveIdentity":{', "-----BEGIN CERTIFICATE-----\n"].map(
      asFile,
    ),
    Uint8Array.of(0x30, 0x82),
    ...["0300020000000000", "0400020081000000", "0400030081000000", "0500020000000000"].map(
      fromHex,
    ),
  ];
  const bytes = fc.uint8Array({ maxLength: 1500 });
  const random = fc.tuple(fc.constantFrom(...starts), bytes);
  const check = (parts: readonly Uint8Array[]): Promise<void> => assertShown(tdx, concat(...parts));
  await fc.assert(fc.asyncProperty(random, check), RUNS);
  await overFiles(subject, fc.tuple(edits, fc.nat()), async ({ file }, [changes, place]) => {
    await assertShown(tdx, editedBy(file, changes));
    await assertShown(tdx, file.subarray(0, place % file.length));
  });
});
