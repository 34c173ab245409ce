import assert from "node:assert/strict";
import { examine, type Request, type Result } from "../../mod.ts";
import { writeBundle } from "../../src/audit/bundle.ts";
import { confirmBundle, type Confirmed, type Known } from "../../src/audit/confirm.ts";
import { MAX_BUNDLE_BYTES } from "../../src/audit/limits.ts";
import { readBundle } from "../../src/audit/read.ts";
import { wordOf } from "../../src/audit/word.ts";
import { fromBase64, toBase64, toHex } from "../../src/core/bytes.ts";
import { canonicalJson, type CanonicalValue } from "../../src/core/canonical_json.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { generateSigningKey, readSigningKey } from "../../src/core/signing_key.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { ownerAuthority, signReference } from "../../src/policy/reference/authority.ts";
import { readSignedReference } from "../../src/policy/reference/signed.ts";
import { requestOf, vectorRequest } from "../report/states.ts";
import { readVectors } from "../vectors.ts";

const VERSION = "1.2.3";

/** A bundle as plain data that a test may change. */
interface Changing {
  [name: string]: Changing;
}

function bundleOf(request: Request, result: Result): Uint8Array {
  return writeBundle(request, result, { casemate: VERSION });
}

function confirm(bytes: Uint8Array, known: Known): Promise<Confirmed> {
  return confirmBundle(inlineEngine, readBundle(bytes, "audit.json"), known, VERSION);
}

function changed(bytes: Uint8Array, change: (bundle: Changing) => void): Uint8Array {
  const bundle: Changing = JSON.parse(new TextDecoder().decode(bytes));
  change(bundle);
  // What was parsed as JSON and got other JSON in it.
  return canonicalJson(bundle as CanonicalValue);
}

const request = await vectorRequest("azure-sev-snp/join");
const labRoots = request.labRoots ?? [];
const result = await examine(request);
const bundle = bundleOf(request, result);

Deno.test("a bundle of every technology is confirmed, byte for byte", async () => {
  for (const { id } of technologies) {
    const vectors = await readVectors(id);
    const good = vectors.find(({ code }) => code === null);
    const bad = id === "tdx" ? vectors.filter(({ verdict }) => verdict === "rejected") : [];
    for (const vector of [good, ...bad.slice(0, 3)]) {
      assert.ok(vector, id);
      const asked = requestOf(id, vector);
      const first = await examine(asked);
      const confirmed = await confirm(bundleOf(asked, first), { labRoots: vector.labRoots });
      assert.equal(confirmed.difference, null, id);
      assert.deepEqual(confirmed.result, first, `${id}/${vector.name}`);
    }
  }
});

Deno.test("a bundle keeps engine, profile and collateral", async () => {
  const collateral = [{
    key: "amd-kds/a",
    title: "A list",
    from: "cache",
    issued: "2026-11-01T00:00:00.000Z",
    expires: "2026-12-01T00:00:00.000Z",
    confirmed: "2026-11-20T00:00:00.000Z",
    stale: null,
  }];
  const both = { ...request, engine: "both", collateral } as Request;
  const crypto = { ...request, profile: "crypto-only" } as Request;
  for (const asked of [both, crypto]) {
    const first = await examine(asked);
    assert.deepEqual((await confirm(bundleOf(asked, first), { labRoots })).result, first);
  }
});

Deno.test("a result that was changed anywhere is refused, with the path", async () => {
  const changes: readonly (readonly [string, (bundle: Changing) => unknown])[] = [
    ["verdict", ({ result }) => Object.assign(result ?? {}, { verdict: "trusted" })],
    [
      "findings[0].kind",
      ({ result }) => Object.assign(result?.["findings"]?.[0] ?? {}, { kind: "x" }),
    ],
    ["warnings[0]", ({ result }) => Object.assign(result ?? {}, { warnings: ["more"] })],
    ["more", ({ result }) => Object.assign(result ?? {}, { more: null })],
    [
      "claims.tee.report.vmpl",
      ({ result }) => Object.assign(result?.["claims"]?.["tee"]?.["report"] ?? {}, { vmpl: 3 }),
    ],
  ];
  for (const [path, change] of changes) {
    await assert.rejects(confirm(changed(bundle, change), { labRoots }), (error: unknown) => {
      const { code, fields } = Object(error);
      assert.deepEqual([code, fields.path], ["audit.differs", path]);
      return true;
    });
  }
});

Deno.test("another file, policy, question or time in a bundle does not come to its result", async () => {
  const bent = (file: string): string => {
    const bytes = fromBase64(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    return toBase64(bytes);
  };
  const changes: readonly ((request: Changing) => unknown)[] = [
    (asked) =>
      Object.assign(asked["files"] ?? {}, { leaf: bent(String(asked["files"]?.["leaf"])) }),
    (asked) => Object.assign(asked, { policy: null }),
    (asked) => Object.assign(asked["expect"] ?? {}, { nonce: "5f".repeat(32) }),
    (asked) => Object.assign(asked["expect"] ?? {}, { role: "nobody" }),
    (asked) => Object.assign(asked, { time: "2026-11-22T12:00:00.001Z" }),
    (asked) => Object.assign(asked, { engine: "both" }),
    (asked) => Object.assign(asked, { labRoots: [] }),
  ];
  for (const change of changes) {
    const bytes = changed(bundle, (whole) => change(whole["request"] ?? {}));
    await assert.rejects(confirm(bytes, { labRoots }), { code: "audit.differs" });
  }
});

Deno.test("at another moment a bundle is judged anew, and nothing need be the same", async () => {
  const late = await confirm(bundle, { labRoots, at: new Date("2040-01-01T00:00:00Z") });
  assert.equal(late.result.verdict, "rejected");
  assert.notEqual(late.difference, null);
});

Deno.test("what the reader knows is held against a bundle", async () => {
  const { policy } = result.digests;
  const nonce = result.nonce ?? "";
  assert.equal((await confirm(bundle, { labRoots, policyDigest: policy, nonce })).difference, null);
  const wrong: readonly (readonly [Known, string])[] = [
    [{ labRoots, policyDigest: "00".repeat(32) }, "audit.policy"],
    [{ labRoots, nonce: "00".repeat(32) }, "audit.nonce"],
    [{}, "audit.lab"],
    [{ labRoots: [new Uint8Array(3)] }, "audit.lab"],
  ];
  for (const [known, code] of wrong) {
    await assert.rejects(confirm(bundle, known), { code, name: "RejectedError" });
  }
});

Deno.test("a bundle that answers no nonce answers none that somebody asked with", async () => {
  const { statement: _, ...others } = request;
  const unasked = { ...others, expect: { freshness: "none" } } as Request;
  const first = await examine(unasked);
  assert.equal(first.nonce, null);
  const words = wordOf(readBundle(bundleOf(unasked, first), "audit.json"), {});
  assert.doesNotMatch(words.join("\n"), /nonce|held against/, "nothing was asked");
  const known = { labRoots, nonce: "6e".repeat(32) };
  await assert.rejects(confirm(bundleOf(unasked, first), known), {
    code: "audit.nonce",
  });
});

Deno.test("what nobody states remains the bundle's word", () => {
  const read = readBundle(bundle, "audit.json");
  const all = wordOf(read, {}).length;
  const expect = { reportData: "00".repeat(64), role: "control-plane" };
  const held = wordOf({ ...read, request: { ...read.request, expect } }, {}).join();
  assert.match(held, /held against is what was to be expected: reportData, role/);
  assert.equal(wordOf(read, { at: new Date(0) }).length, all - 1);
  assert.equal(wordOf(read, { policyDigest: "" }).length, all - 1);
  assert.match(wordOf(read, { nonce: "" }).join(), /only once/);
});

Deno.test("roots that a bundle brings are its word, each with its digest", async () => {
  const own = await vectorRequest("gcp-sev-es/join");
  const files = Object(own.evidence);
  const root = new Uint8Array([1, 2, 3]);
  const asked = { ...own, evidence: { ...files, akCertRoots: [root] } } as Request;
  const read = readBundle(bundleOf(asked, result), "audit.json");
  const digest = toHex(plainHash("sha256", root));
  assert.ok(wordOf(read, {}).includes(`that akCertRoots with SHA-256 ${digest} is to be believed`));
  for (const { files } of technologies) {
    for (const { role, says, believed } of files) {
      assert.equal(believed === true, /believe|identityCert/.test(`${role} ${says}`), role);
    }
  }
});

Deno.test("signed reference values of a bundle are the word of the key that the reader names", async () => {
  const [owner, other] = await Promise.all(["Ed25519", "Ed25519"].map(async () => {
    const { pkcs8 } = await generateSigningKey("Ed25519");
    return await readSigningKey(pkcs8);
  }));
  assert.ok(owner && other);
  const { "azure-sev-snp": section } = Object(request.policy);
  const { tee, vtpm } = section;
  const document = { version: 1, "azure-sev-snp": { tee, vtpm: { registers: vtpm.registers } } };
  const envelope = await signReference(document, [owner]);
  const reference = await readSignedReference(envelope, [ownerAuthority([owner.publicKey])]);
  const { "azure-sev-snp": _, ...policy } = Object(request.policy);
  const asked = { ...request, policy, reference } as Request;
  const first = await examine(asked);
  assert.equal(first.verdict, "lab-trusted");
  assert.throws(() => bundleOf(asked, first), RangeError);
  const signed = { envelope, key: owner.publicKey.spki };
  const bytes = writeBundle(asked, first, { casemate: VERSION, signed });

  for (const known of [{ labRoots }, { labRoots, owner: owner.publicKey }]) {
    assert.equal((await confirm(bytes, known)).result.reference?.owner, owner.publicKey.id);
  }
  const foreign = { labRoots, owner: other.publicKey };
  await assert.rejects(confirm(bytes, foreign), { code: "audit.owner" });
  // The values of the other bundle stand in its policy.
  await assert.rejects(confirm(bundle, foreign), { code: "audit.owner" });
});

Deno.test("readBundle() takes one form alone", () => {
  const text = new TextDecoder().decode(bundle);
  const file = toBase64(new Uint8Array([0xff]));
  const damaged: readonly (readonly [string, Uint8Array | string, string])[] = [
    ["nothing", "", "audit.malformed"],
    ["cut", text.slice(0, -1), "audit.malformed"],
    ["more behind it", `${text}\n`, "audit.malformed"],
    ["blank space", text.replace(":", ": "), "audit.malformed"],
    ["a member twice", text.replace("{", '{"casemate":"1",'), "audit.malformed"],
    ["another JSON", "[]", "audit.malformed"],
    ["another kind", text.replace("casemate-audit", "casemate-other"), "audit.malformed"],
    ["another version", changed(bundle, (one) => Object.assign(one, { v: 2 })), "audit.version"],
    [
      "an unknown member",
      changed(bundle, (one) => Object.assign(one["request"] ?? {}, { more: 1 })),
      "audit.malformed",
    ],
    [
      "base64 of two forms",
      changed(
        bundle,
        (one) => Object.assign(one["request"] ?? {}, { statement: file.replace("w==", "x==") }),
      ),
      "audit.malformed",
    ],
    [
      "a moment of two forms",
      changed(
        bundle,
        (one) => Object.assign(one["request"] ?? {}, { time: "2026-11-21T12:00:00Z" }),
      ),
      "audit.malformed",
    ],
  ];
  const both = {
    reference: { version: 1 },
    signedReference: { envelope: toBase64(bundle), key: toBase64(bundle) },
  };
  const two = changed(bundle, (one) => Object.assign(one["request"] ?? {}, both));
  assert.throws(() => readBundle(two, "audit.json"), { code: "audit.malformed" });
  for (const [name, bytes, code] of damaged) {
    const given = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    assert.throws(() => readBundle(given, "audit.json"), { code, name: "InputError" }, name);
  }
  const large = new Uint8Array(MAX_BUNDLE_BYTES + 1);
  assert.throws(() => readBundle(large, "audit.json"), { code: "input.too_large" });
});

Deno.test("a bundle with a request that no verification takes is the input's fault", async () => {
  const changes: readonly ((asked: Changing) => unknown)[] = [
    (asked) => Object.assign(asked, { variant: "nobody-knows" }),
    (asked) => Object.assign(asked["files"] ?? {}, { more: "" }),
    (asked) => Object.assign(asked["expect"] ?? {}, { nonce: "xx" }),
    (asked) => Object.assign(asked, { policy: { version: 1, more: true } }),
    (asked) => Object.assign(asked, { collateral: "none" }),
  ];
  for (const change of changes) {
    const bytes = changed(bundle, (whole) => change(whole["request"] ?? {}));
    await assert.rejects(confirm(bytes, { labRoots }), { name: "InputError" });
  }
});

Deno.test("a bundle that is too large to be read is not written", () => {
  const policy = { version: 1, more: "x".repeat(MAX_BUNDLE_BYTES) };
  const asked = { ...request, policy } as Request;
  assert.throws(() => bundleOf(asked, result), { code: "input.too_large" });
});

Deno.test("the bytes of a bundle are those of its data, whatever the order of members", () => {
  const again = readBundle(bundle, "audit.json");
  const plain = { v: 1, kind: "casemate-audit", ...again };
  assert.equal(toHex(canonicalJson(plain as unknown as CanonicalValue)), toHex(bundle));
});
