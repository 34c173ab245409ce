import assert from "node:assert/strict";
import { toBase64, toHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import { generateLabKey } from "../lab_key.ts";
import {
  bendIntelAuthority,
  createIntelAuthority,
  exportIntelAuthority,
  importIntelAuthority,
  type StoredIntelAuthority,
} from "./authority.ts";

const NOW = new Date("2026-11-21T12:00:00.000Z");
const authority = await createIntelAuthority({ now: NOW });

/** What a file gives that holds the stored form. */
function reread(stored: StoredIntelAuthority): Record<string, unknown> {
  return JSON.parse(JSON.stringify(stored));
}

Deno.test("importIntelAuthority() reads what exportIntelAuthority() stored, public keys too", async () => {
  assert.deepEqual(await importIntelAuthority(reread(exportIntelAuthority(authority))), authority);
});

Deno.test("importIntelAuthority() refuses what is no stored authority, also one of AMD's manner", async () => {
  for (const stored of [null, 7, "text", [], {}, { kind: "casemate-lab-authority/v1" }]) {
    await assert.rejects(importIntelAuthority(stored), (error) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.code, "input.wrong_kind");
      return true;
    });
  }
});

Deno.test("importIntelAuthority() names the member that is missing or damaged", async () => {
  const stored = exportIntelAuthority(authority);
  const key = toBase64((await generateLabKey("P-384")).pkcs8);
  const damages: readonly (readonly [string, Record<string, unknown>])[] = [
    ["created", { created: "yesterday" }],
    ["root", { root: null }],
    ["platform", { platform: { ...stored.platform, kind: "P-521" } }],
    ["platform", { platform: { ...stored.platform, kind: "P-384" } }],
    ["processor", { processor: { ...stored.processor, key } }],
    ["tcbSigning", { tcbSigning: { ...stored.tcbSigning, certificate: "?" } }],
    ["tcbSigning", { tcbSigning: undefined }],
  ];
  for (const [member, damage] of damages) {
    await assert.rejects(importIntelAuthority({ ...reread(stored), ...damage }), (error) => {
      assert.ok(error instanceof InputError, `${error}`);
      assert.equal(error.code, "input.value");
      assert.equal(error.fields["key"], member);
      return true;
    });
  }
});

Deno.test("bendIntelAuthority() rewrites the certificates that are bent and no others", async () => {
  const bent = await bendIntelAuthority(authority, { processor: { serial: 5n } });
  assert.equal(bent.root, authority.root);
  assert.equal(bent.platform, authority.platform);
  assert.equal(bent.tcbSigning, authority.tcbSigning);
  assert.equal(bent.processor.key, authority.processor.key);
  assert.notEqual(toHex(bent.processor.certificate), toHex(authority.processor.certificate));
});

Deno.test("createIntelAuthority() takes keys, which decide all but the signatures", async () => {
  const { root, platform, processor, tcbSigning } = authority;
  const keys = {
    root: root.key,
    platform: platform.key,
    processor: processor.key,
    tcbSigning: tcbSigning.key,
  };
  const again = await createIntelAuthority({ now: NOW, keys });
  assert.equal(again.platform.key, platform.key);
  // ECDSA signatures are random: all before them is the same.
  const signedPart = (der: Uint8Array): string => toHex(der.subarray(4, 500));
  assert.equal(signedPart(again.platform.certificate), signedPart(platform.certificate));
});
