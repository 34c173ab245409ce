/**
 * Evidence of TPMs over which the engines once differed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { frame, uint64 } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { describeCertificates } from "../../src/core/x509.ts";
import { frameAnchors } from "../../src/evidence/anchors.ts";
import { generateLabKey, mintTpm, pem } from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import { tpmAuthority } from "../tpm_authority.ts";
import { askBoth, portableEngine } from "./strict.ts";

const engines = [inlineEngine, await portableEngine()] as const;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("a key in PEM may have any blank space of ASCII behind it", async () => {
  const { spki } = await generateLabKey("P-256");
  const text = pem("PUBLIC KEY", spki).trimEnd();
  const { quote, signature } = await mintTpm(await tpmAuthority(), { now: NOW });
  for (const blank of ["", "\n", "\r\t\n", "\r", " \f\n\n"]) {
    const none = [frame([]), frame([]), frame([]), frameAnchors([]), uint64(0)];
    await assert.rejects(
      // It is read, and has signed something else.
      askBoth(engines, "tpm_verify", [quote, signature, utf8(text + blank), ...none]),
      { code: "tpm.signature_mismatch" },
      JSON.stringify(blank),
    );
  }
});

Deno.test("a list under a path without authorities is refused with its issuer", async () => {
  const ak = await generateLabKey("P-256");
  const { der } = await mintTpm(await tpmAuthority(), {
    now: NOW,
    keys: { ak },
    bends: { ak: { signWith: ak } },
  });
  const [leaf] = await describeCertificates(inlineEngine, der.ak);
  assert.ok(leaf);
  const { sha256, spkiSha256 } = leaf.summary;
  const anchor = { line: "", certificateSha256: sha256, spkiSha256, lab: true };
  await assert.rejects(
    askBoth(engines, "tpm_certificate", [
      utf8("AK"),
      frame([der.ak]),
      frame([der.issuingCrl]),
      frameAnchors([anchor]),
      new Uint8Array(),
      uint64(NOW.getTime() / 1000),
    ]),
    {
      code: "tpm.crl_issuer",
      fields: {
        input: "ak-cert-crl",
        actual: "CN=TPM Issuing CA,O=Casemate lab\\, no vendor of TPMs,C=US",
      },
    },
  );
});
