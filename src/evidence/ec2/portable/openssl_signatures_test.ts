import assert from "node:assert/strict";
import { agreeingEngine } from "../../../../tests/portable/strict.ts";
import { noOpenssl, openssl } from "../../../lab/openssl_test.ts";
import { pem } from "../../../lab/pem.ts";
import { readEc2Identity } from "../mod.ts";
import { operations } from "./mod.ts";
import {
  DOCUMENT,
  NOW,
  regionCertificate,
  regionKey,
  writeDocument,
  writeSignature,
  writeStreamed,
} from "./signed_test.ts";

const engine = agreeingEngine(operations);
const document = writeDocument();
const certificate = await regionCertificate();
const FILES = {
  document,
  "key.pem": pem("PRIVATE KEY", regionKey.pkcs8),
  "cert.pem": pem("CERTIFICATE", certificate),
};

function overOpenssl(name: string, fn: () => Promise<void>): void {
  const shown = noOpenssl ? `${name} (ignored: no OpenSSL here)` : name;
  Deno.test({ name: shown, ignore: noOpenssl, fn });
}

const SIGN = ["-sign", "-binary", "-in", "document", "-signer", "cert.pem", "-inkey", "key.pem"];

const FORMS: readonly (readonly [string, readonly string[]])[] = [
  ["detached", ["-outform", "DER"]],
  ["with the document in it", ["-nodetach", "-outform", "DER"]],
  ["in PEM", ["-nodetach", "-outform", "PEM"]],
  ["streamed", ["-nodetach", "-stream", "-outform", "DER"]],
  ["without certificates", ["-nodetach", "-nocerts", "-outform", "DER"]],
  ["without attributes", ["-nodetach", "-noattr", "-outform", "DER"]],
];

for (const tool of ["cms", "smime"]) {
  for (const [what, args] of FORMS) {
    overOpenssl(
      `readEc2Identity reads a signature that openssl ${tool} makes ${what}`,
      async () => {
        const made = await openssl([tool, ...SIGN, "-md", "sha256", ...args], FILES);
        assert.ok(made.ok, made.text);
        const identity = await readEc2Identity(engine, document, made.stdout, certificate, NOW);
        assert.equal(identity.accountId, DOCUMENT.accountId);
      },
    );
  }
}

overOpenssl(
  "openssl verifies the signatures that these tests write, as AWS tells its users to",
  async () => {
    for (const signature of [await writeSignature(document), await writeStreamed(document)]) {
      const files = { ...FILES, signature };
      const args = ["-verify", "-binary", "-inform", "DER", "-in", "signature"];
      const more = ["-certfile", "cert.pem", "-noverify", "-out", "/dev/null"];
      const { ok, text } = await openssl(["smime", ...args, ...more], files);
      assert.ok(ok, text);
    }
  },
);
