import assert from "node:assert/strict";
import { toHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import {
  bendAmdAuthority,
  createAmdAuthority,
  exportAmdAuthority,
  importAmdAuthority,
  type StoredAmdAuthority,
} from "./authority.ts";
import { generateLabKey } from "../lab_key.ts";

const NOW = new Date("2026-11-21T12:00:00.000Z");
const keys = {
  ARK: await generateLabKey("RSA-2048"),
  VCEK: await generateLabKey("RSA-2048"),
  VLEK: await generateLabKey("RSA-2048"),
};
const authority = await createAmdAuthority({ line: "Turin", now: NOW, keys });

/** What a file gives that holds the stored form. */
function reread(stored: StoredAmdAuthority): Record<string, unknown> {
  return JSON.parse(JSON.stringify(stored));
}

Deno.test("importAmdAuthority() reads what exportAmdAuthority() stored, public keys too", async () => {
  const read = await importAmdAuthority(reread(exportAmdAuthority(authority)));
  assert.deepEqual(read, authority);
});

Deno.test("importAmdAuthority() refuses what is no stored authority", async () => {
  for (const stored of [null, 7, "text", [], {}, { kind: "casemate-lab-authority/v2" }]) {
    await assert.rejects(importAmdAuthority(stored), (error) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.code, "input.wrong_kind");
      return true;
    });
  }
});

Deno.test("importAmdAuthority() names the member that is missing or damaged", async () => {
  const stored = exportAmdAuthority(authority);
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
    await assert.rejects(importAmdAuthority({ ...reread(stored), ...damage }), (error) => {
      assert.ok(error instanceof InputError, `${error}`);
      assert.equal(error.code, "input.value");
      assert.equal(error.fields["key"], key);
      return true;
    });
  }
});

Deno.test("bendAmdAuthority() rewrites the certificates that are bent and no others", async () => {
  const bent = await bendAmdAuthority(authority, { VCEK: { serial: 5n } });
  assert.equal(bent.ARK, authority.ARK);
  assert.equal(bent.VLEK, authority.VLEK);
  assert.equal(bent.VCEK.key, authority.VCEK.key);
  assert.notEqual(toHex(bent.VCEK.certificate), toHex(authority.VCEK.certificate));
});
