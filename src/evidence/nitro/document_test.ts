import assert from "node:assert/strict";
import { createPortableEngine } from "../../core/portable/engine.ts";
import { describeCertificates } from "../../core/x509.ts";
import { createNitroAuthority, mintNitro } from "../../lab/mod.ts";
import { readNitroDocument, verifyNitroDocument } from "./document.ts";
import { operations } from "./portable/mod.ts";

const NOW = new Date("2026-11-21T12:00:00.789Z");
const engine = createPortableEngine(operations);
const authority = await createNitroAuthority({ now: NOW });
const { document, der } = await mintNitro(authority, { now: NOW, nonce: Uint8Array.of(1, 2) });
const [root] = await describeCertificates(engine, der.root);
assert.ok(root);
const { sha256: certificateSha256, spkiSha256 } = root.summary;
const terms = {
  crls: [der.regionCrl, der.rootCrl],
  anchors: [{ line: "", certificateSha256, spkiSha256, lab: true }],
  now: NOW,
};

Deno.test("verifyNitroDocument() gives what readNitroDocument() reads, and who vouches for it", async () => {
  const said = await readNitroDocument(engine, document);
  const evidence = await verifyNitroDocument(engine, document, terms);

  assert.deepEqual(evidence.document, said);
  assert.equal(said.nonce, "0102");
  assert.equal(said.timestamp, NOW.getTime());
  assert.equal(evidence.lab, true);
  assert.equal(evidence.revocationChecked, true);
  assert.equal(evidence.certificates.at(-1)?.sha256, certificateSha256);
});

Deno.test("verifyNitroDocument() does not check revocation where a list is missing", async () => {
  const crls = [der.rootCrl];
  const evidence = await verifyNitroDocument(engine, document, { ...terms, crls });
  assert.deepEqual([evidence.revocationChecked, evidence.revocationLists.length], [false, 1]);
});

Deno.test("verifyNitroDocument() says which of the caller's files is wrong", async () => {
  const empty = new Uint8Array();
  await assert.rejects(readNitroDocument(engine, empty), {
    code: "input.empty",
    fields: { input: "document", role: "document" },
  });
  await assert.rejects(verifyNitroDocument(engine, document, { ...terms, crls: [empty] }), {
    code: "input.empty",
    fields: { input: "crl", role: "documentCrls" },
  });
});

Deno.test("verifyNitroDocument() trusts no root that is not given", async () => {
  await assert.rejects(
    verifyNitroDocument(engine, document, { ...terms, anchors: [] }),
    // No lab is trusted, so a lab's mark is what is wrong first.
    { code: "nitro.lab_root" },
  );
});
