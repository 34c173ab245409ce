import assert from "node:assert/strict";
import { InputError } from "../../core/errors.ts";
import {
  bendTpmAuthority,
  createTpmAuthority,
  exportTpmAuthority,
  importTpmAuthority,
} from "./authority.ts";
import { mintTpm } from "./tpm.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

Deno.test("importTpmAuthority() reads back what exportTpmAuthority() stored", async () => {
  const authority = await createTpmAuthority({ now: NOW });
  const stored: unknown = JSON.parse(JSON.stringify(exportTpmAuthority(authority)));
  assert.deepEqual(await importTpmAuthority(stored), authority);
});

Deno.test("importTpmAuthority() refuses what is something else, or damaged", async () => {
  const stored = exportTpmAuthority(await createTpmAuthority({ now: NOW }));
  const refusals: readonly (readonly [unknown, string])[] = [
    [null, "input.wrong_kind"],
    [{ ...stored, kind: "casemate-lab-authority/v1" }, "input.wrong_kind"],
    [{ ...stored, issuing: undefined }, "input.value"],
    [{ ...stored, created: "soon" }, "input.value"],
  ];
  for (const [bad, code] of refusals) {
    await assert.rejects(
      importTpmAuthority(bad),
      (error) => error instanceof InputError && error.code === code,
    );
  }
});

Deno.test("bendTpmAuthority() writes anew what is bent, by the same keys", async () => {
  const authority = await createTpmAuthority({ now: NOW });
  const bent = await bendTpmAuthority(authority, { issuing: { serial: 7n } });
  assert.equal(bent.root, authority.root);
  assert.equal(bent.issuing.key, authority.issuing.key);
  assert.notDeepEqual(bent.issuing.certificate, authority.issuing.certificate);
});

Deno.test("mintTpm() carries bends of certificates into what it writes", async () => {
  const authority = await createTpmAuthority({ now: NOW });
  const { keys } = await mintTpm(authority, { now: NOW });
  const { der } = await mintTpm(authority, { now: NOW, keys, bends: { root: { serial: 9n } } });
  assert.notDeepEqual(der.root, authority.root.certificate);
  assert.deepEqual(der.issuing, authority.issuing.certificate);
});
