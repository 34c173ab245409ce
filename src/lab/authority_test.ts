import assert from "node:assert/strict";
import { toHex } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import {
  bendLabAuthority,
  createLabAuthority,
  exportLabAuthority,
  importLabAuthority,
  type StoredLabAuthority,
} from "./authority.ts";
import { generateLabKey } from "./lab_key.ts";

const NOW = new Date("2026-11-21T12:00:00.000Z");
const keys = {
  ARK: await generateLabKey("RSA-2048"),
  VCEK: await generateLabKey("RSA-2048"),
  VLEK: await generateLabKey("RSA-2048"),
};
const authority = await createLabAuthority({ line: "Turin", now: NOW, keys });

/** What a file gives that holds the stored form. */
function reread(stored: StoredLabAuthority): Record<string, unknown> {
  return JSON.parse(JSON.stringify(stored));
}

Deno.test("importLabAuthority() reads what exportLabAuthority() stored, public keys too", async () => {
  const read = await importLabAuthority(reread(exportLabAuthority(authority)));
  assert.deepEqual(read, authority);
});

Deno.test("importLabAuthority() refuses what is no stored authority", async () => {
  for (const stored of [null, 7, "text", [], {}, { kind: "casemate-lab-authority/v2" }]) {
    await assert.rejects(importLabAuthority(stored), (error) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.code, "input.wrong_kind");
      return true;
    });
  }
});

Deno.test("importLabAuthority() names the member that is missing or damaged", async () => {
  const stored = exportLabAuthority(authority);
  const damages: readonly (readonly [string, Record<string, unknown>])[] = [
    ["line", { line: "Naples" }],
    ["created", { created: "yesterday" }],
    ["created", { created: 0 }],
    ["ARK", { ARK: null }],
    ["VCEK", { VCEK: { ...stored.VCEK, kind: "RSA-1024" } }],
    ["VCEK", { VCEK: { ...stored.VCEK, kind: "RSA-4096" } }],
    ["VCEK", { VCEK: { ...stored.VCEK, kind: "P-384" } }],
    ["VLEK", { VLEK: { ...stored.VLEK, key: "AAAA" } }],
    ["VLEK", { VLEK: { ...stored.VLEK, certificate: "?" } }],
    ["VLEK", { VLEK: { kind: "RSA-2048", key: stored.VLEK.key } }],
  ];
  for (const [key, damage] of damages) {
    await assert.rejects(importLabAuthority({ ...reread(stored), ...damage }), (error) => {
      assert.ok(error instanceof InputError, `${error}`);
      assert.equal(error.code, "input.value");
      assert.equal(error.fields["key"], key);
      return true;
    });
  }
});

Deno.test("bendLabAuthority() rewrites the certificates that are bent and no others", async () => {
  const bent = await bendLabAuthority(authority, { VCEK: { serial: 5n } });
  assert.equal(bent.ARK, authority.ARK);
  assert.equal(bent.VLEK, authority.VLEK);
  assert.equal(bent.VCEK.key, authority.VCEK.key);
  assert.notEqual(toHex(bent.VCEK.certificate), toHex(authority.VCEK.certificate));
});
