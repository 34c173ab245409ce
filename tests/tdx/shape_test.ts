import assert from "node:assert/strict";
import { examine } from "../../mod.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { tdx, type TdxFiles, verifySgxQuote } from "../../src/evidence/tdx/mod.ts";
import type { Bend, CrlDescription } from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import { assertAnswer, DESCRIPTION, misfits, type Shape, unseen } from "../shape.ts";
import { readVectors } from "../vectors.ts";
import { claimsOf, filesOf, mint, type Minting, QUOTE_ALONE, requestFor } from "./ask.ts";
import { edited } from "../bends/bytes.ts";
import { placesOf } from "./bytes_of.ts";
import { corpus, overReal, realCase } from "./corpus.ts";
import {
  DOCUMENT,
  PCK,
  SGX_EVIDENCE,
  SHOWN_SGX_QUOTE,
  SHOWN_TDX_QUOTE,
  TDX_EVIDENCE,
} from "./shape.ts";

type Tee = "tdx" | "sgx";

const EVIDENCE = { tdx: TDX_EVIDENCE, sgx: SGX_EVIDENCE } as const;
const SHOWN_QUOTE = { tdx: SHOWN_TDX_QUOTE, sgx: SHOWN_SGX_QUOTE } as const;
const VERIFY = { tdx: tdx.verify, sgx: verifySgxQuote } as const;

const good = (await readVectors("tdx")).filter(({ code }) => code === null);

/** What was answered over and over, to see afterwards that every alternative was there. */
class Seen {
  readonly #answers = new Map<Shape, unknown[]>();

  add(shape: Shape, answer: unknown): void {
    this.#answers.set(shape, [...this.#answers.get(shape) ?? [], answer]);
  }

  /** Asserts that a shape has no alternative that was never answered. */
  assertWhole(shape: Shape): void {
    assert.deepEqual(unseen(this.#answers.get(shape) ?? [], shape), []);
  }
}

/** Every operation that shows, over one set of files. */
async function showAll(tee: Tee, files: TdxFiles, what: string, seen: Seen): Promise<void> {
  const ask = async (
    operation: Parameters<typeof assertAnswer>[0],
    file: Uint8Array,
    shape: Shape,
  ): Promise<void> => seen.add(shape, await assertAnswer(operation, file, shape, what));
  await ask("tdx_quote", files.quote, SHOWN_QUOTE[tee]);
  await ask("tdx_pck", pckOf(files.quote), PCK);
  for (const file of [files.tcbInfo, files.qeIdentity]) {
    if (file !== undefined) await ask("tdx_collateral", file, DOCUMENT);
  }
  for (const file of [files.tcbChain, files.pckCrl, files.pckCrlChain, files.rootCrl]) {
    if (file !== undefined) await ask("x509_describe", file, DESCRIPTION);
  }
}

const END = "-----END CERTIFICATE-----";

/** The PCK certificate of a quote, the first of its chain. */
function pckOf(quote: Uint8Array): Uint8Array {
  const { chain, end } = placesOf(quote);
  const text = new TextDecoder().decode(quote.subarray(chain, end));
  return new TextEncoder().encode(text.slice(0, text.indexOf(END) + END.length));
}

/** Verification with collateral and without. */
async function verifyBoth(
  tee: Tee,
  files: TdxFiles,
  context: Parameters<typeof tdx.verify>[2],
  seen: Seen,
): Promise<void> {
  for (const given of [files, { quote: files.quote }]) {
    const proven = await VERIFY[tee](inlineEngine, given, context);
    assert.deepEqual(misfits(proven, EVIDENCE[tee]), []);
    seen.add(EVIDENCE[tee], proven);
  }
}

for (const { name, files, now, labRoots } of good) {
  Deno.test(`engine answers in the types' shape over ${name}`, async () => {
    const seen = new Seen();
    const read = tdx.readFiles(files);
    await showAll("tdx", read, name, seen);
    await verifyBoth("tdx", read, { now, labRoots }, seen);
  });
}

/** What a certificate of the Platform CA may leave out. */
const UNSAID: Minting = {
  pck: { configuration: { dynamicPlatform: null, cachedKeys: null, smtEnabled: null } },
};

/** A module of version 0 has no levels of its own. */
const MODULE_0: Minting = { teeTcbSvn: Uint8Array.of(6, 0, 3, ...new Uint8Array(13)) };

const unnumbered: Bend<CrlDescription> = (list) => ({
  ...list,
  extensions: list.extensions.filter(({ oid }) => oid !== "2.5.29.20"),
});

/** Revocation lists without CRL numbers. */
const UNNUMBERED: Minting = { bends: { pckCrl: unnumbered, rootCrl: unnumbered } };

const SGX: Minting = { version: 3 };

/** Evidence of which each has some alternative of the shapes. */
const MINTINGS: Readonly<Record<string, readonly [tee: Tee, minting: Minting]>> = {
  "version 4": ["tdx", {}],
  "TDX 1.5": ["tdx", { version: 5, body: "tdx-1.5" }],
  "Processor CA": ["tdx", { ca: "processor" }],
  "out of date": ["tdx", { tcbStatus: "OutOfDate" }],
  "module out of date": ["tdx", { moduleStatus: "OutOfDate" }],
  "quoting enclave out of date": ["tdx", { qeStatus: "OutOfDate" }],
  "module of version 0": ["tdx", MODULE_0],
  "configuration not stated": ["tdx", UNSAID],
  "lists without numbers": ["tdx", UNNUMBERED],
  "SGX": ["sgx", SGX],
  "SGX out of date": ["sgx", { ...SGX, tcbStatus: "OutOfDate" }],
  "SGX, quoting enclave out of date": ["sgx", { ...SGX, qeStatus: "OutOfDate" }],
  "SGX of the Processor CA": ["sgx", { version: 4, body: "sgx", ca: "processor" }],
  "SGX, configuration not stated": ["sgx", { ...SGX, ...UNSAID }],
  "SGX, lists without numbers": ["sgx", { ...SGX, ...UNNUMBERED }],
};

/** A quote whose PCK certificate cannot be read is shown without it. */
function withoutPck(quote: Uint8Array): Uint8Array {
  return edited(quote, placesOf(quote).chain + 40, () => 0);
}

Deno.test("engine answers in the types' shape over what the lab mints, in every alternative of the shapes", async () => {
  const seen = new Seen();
  for (const [what, [tee, minting]] of Object.entries(MINTINGS)) {
    const minted = await mint(minting);
    const files = filesOf(minted);
    await showAll(tee, files, what, seen);
    await verifyBoth(tee, files, { now: NOW, labRoots: [minted.der.root] }, seen);
    const shown = SHOWN_QUOTE[tee];
    seen.add(shown, await assertAnswer("tdx_quote", withoutPck(files.quote), shown, what));
  }
  const quotes = [TDX_EVIDENCE, SGX_EVIDENCE, SHOWN_TDX_QUOTE, SHOWN_SGX_QUOTE];
  for (const shape of [...quotes, PCK, DOCUMENT]) seen.assertWhole(shape);
});

Deno.test("examine() claims in the types' shape, with collateral and without", async () => {
  const minted = await mint();
  for (const files of [{}, QUOTE_ALONE]) {
    const claims = claimsOf(await examine(requestFor(minted, { files })));
    assert.deepEqual(misfits(claims, TDX_EVIDENCE), []);
    assert.equal(claims.collateral === null, files === QUOTE_ALONE);
  }
});

Deno.test({
  ...overReal("engine answers in the types' shape over all real quotes that are valid"),
  fn: async () => {
    const valid = [...corpus].filter(([, { expected }]) => expected.verdict === "valid");
    assert.equal(valid.length, 7);
    for (const [name, { input }] of valid) {
      const tee = input.tech === "sgx" ? "sgx" : "tdx";
      const { files, now } = realCase(name);
      const seen = new Seen();
      await showAll(tee, files, name, seen);
      await verifyBoth(tee, files, { now, labRoots: [] }, seen);
    }
  },
});
