import assert from "node:assert/strict";
import { toHex } from "../core/bytes.ts";
import { inlineEngine as engine } from "../core/crypto_inline.ts";
import { readVectors, type Vector } from "../../tests/vectors.ts";
import { pemOf } from "./der_items.ts";
import { sortHeap } from "./heap.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (file: unknown): string =>
  file instanceof Uint8Array ? new TextDecoder().decode(file) : "";

async function vectorOf(id: string, name: string): Promise<Vector> {
  const vector = (await readVectors(id)).find((one) => one.name === name);
  assert.ok(vector);
  return vector;
}

/** The document and its signature, apart. */
function apart(file: unknown, member: string): readonly [string, string] {
  const [, document = "", signature = ""] =
    new RegExp(`"${member}":(.*),"signature":"([0-9a-f]+)"`, "s").exec(text(file)) ?? [];
  return [document, signature];
}

Deno.test("sortHeap() takes collateral of a quote apart that others keep in one file", async () => {
  const { files } = await vectorOf("tdx", "v4-platform");
  const { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl, quote } = files;
  assert.ok(quote instanceof Uint8Array && pckCrl instanceof Uint8Array);
  assert.ok(rootCrl instanceof Uint8Array);
  const [tcb_info, tcb_info_signature] = apart(tcbInfo, "tcbInfo");
  const [qe_identity, qe_identity_signature] = apart(qeIdentity, "enclaveIdentity");
  const collateral = {
    tcb_info,
    tcb_info_signature,
    qe_identity,
    qe_identity_signature,
    tcb_info_issuer_chain: pemText(tcbChain),
    pck_crl: toHex(pckCrl),
    root_ca_crl: toHex(rootCrl),
  };
  const heap = await sortHeap(engine, [
    { name: "a", bytes: quote },
    { name: "b", bytes: bytes(JSON.stringify(collateral)) },
  ]);
  const [found] = heap.candidates;
  assert.deepEqual(found?.missing, []);
  for (const role of ["tcbInfo", "qeIdentity", "pckCrl", "rootCrl"]) {
    assert.deepEqual(found?.files[role], files[role], role);
  }
  assert.match(heap.files[1]?.says ?? "", /^Collateral of Intel in one file: /);
});

Deno.test("sortHeap() takes certificates out of what Azure hands out", async () => {
  const { files } = await vectorOf("sev-snp", "genoa-vcek");
  const { report, leaf, chainAskArk } = files;
  assert.ok(report instanceof Uint8Array && leaf instanceof Uint8Array);
  assert.ok(chainAskArk instanceof Uint8Array);
  const document = {
    vcekCert: new TextDecoder().decode(pemOf("CERTIFICATE", [leaf])),
    tcbm: "DB18000000000004",
    certificateChain: pemText(chainAskArk),
  };
  const [found] = (await sortHeap(engine, [
    { name: "thim.json", bytes: bytes(JSON.stringify(document)) },
    { name: "report", bytes: report },
  ])).candidates;
  assert.equal(found?.technology.id, "sev-snp");
  assert.deepEqual(found?.missing, []);
  assert.deepEqual(found?.files["leaf"], leaf);
});

function pemText(file: unknown): string {
  assert.ok(file instanceof Uint8Array);
  const pem = text(file);
  return pem.includes("-----BEGIN")
    ? pem
    : new TextDecoder().decode(pemOf("CERTIFICATE", splitDer(file)));
}

function splitDer(file: Uint8Array): readonly Uint8Array[] {
  const [, , high = 0, low = 0] = file;
  const end = 4 + (high << 8 | low);
  return end >= file.length ? [file] : [file.subarray(0, end), ...splitDer(file.subarray(end))];
}

Deno.test("sortHeap() says what is missing, and what it does not know", async () => {
  const { files } = await vectorOf("sev-snp", "genoa-vcek");
  const heap = await sortHeap(engine, [
    { name: "report", bytes: files["report"] as Uint8Array },
    { name: "noise", bytes: crypto.getRandomValues(new Uint8Array(333)) },
    { name: "empty", bytes: new Uint8Array() },
    { name: "text", bytes: bytes("<b>nothing</b> of interest in here") },
  ]);
  const [first] = heap.candidates;
  assert.deepEqual(first?.missing.map(({ role }) => role), ["leaf", "chainAskArk"]);
  assert.deepEqual(heap.files.map(({ known }) => known), [true, false, false, false]);
  assert.match(heap.files[3]?.says ?? "", /begins "<b>nothing<\/b> of intere"$/);
});

Deno.test("sortHeap() tells two files for one place, and chooses neither in silence", async () => {
  const [genoa, milan] = [
    await vectorOf("sev-snp", "genoa-vcek"),
    await vectorOf("sev-snp", "milan-vcek"),
  ];
  const heap = await sortHeap(
    engine,
    [genoa, milan].map(({ files }, i) => ({
      name: `${i}`,
      bytes: files["report"] as Uint8Array,
    })),
  );
  assert.deepEqual(heap.candidates[0]?.contested, ["report"]);
});

Deno.test("sortHeap() knows policies, reference values, statements, tokens and damaged files", async () => {
  const says = async (content: string) =>
    (await sortHeap(engine, [{ name: "x", bytes: bytes(content) }])).files[0]?.says ?? "";
  assert.equal(await says("version: 1\nacceptRoots: [amd]\n"), "Policy");
  assert.match(
    await says('{"version":1,"release":"r1","sev-snp":{"measurements":[]}}'),
    /^Reference/,
  );
  assert.match(await says('version: 1\nsev-snp:\n  measurements: ["ab"]\n'), /^Pinned values/);
  assert.match(await says("version: 1\nacceptRoots: &x [amd]\n"), /line 2/);
  assert.match(await says("eyJhbGciOiJFUzI1NiJ9.eyJ4IjoxfQ.c2ln"), /^Attestation token/);
  assert.match(await says('{"kind":"casemate-audit"}'), /^Cannot use x: v is required/);
  assert.match(await says('{"statement":"AA","variant":"tdx"}'), /^A member of the envelope/);
  assert.match(await says('{"keys":[{"kty":"EC"}]}'), /^Public keys of a verifier/);
});
