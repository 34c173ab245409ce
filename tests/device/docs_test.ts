import assert from "node:assert/strict";
import { CORE_CODES } from "../../src/core/codes.ts";
import { DEVICE_CODES } from "../../src/evidence/device/codes.ts";
import { CLOUDS, PLATFORMS } from "../../src/evidence/device/platforms.ts";
import { VARIANTS } from "../../src/evidence/variants/table.ts";

const PAGE = await Deno.readTextFile(new URL("../../docs/collection.md", import.meta.url));

Deno.test("docs/collection.md has each platform where the program looks for it", () => {
  const rows = PAGE.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  assert.deepEqual(rows.map(([id]) => id), Object.keys(VARIANTS).map((id) => `\`${id}\``));
  for (const { variant, cloud, tee } of PLATFORMS) {
    const [, clouds = "", tees = ""] = rows.find(([id]) => id === `\`${variant}\``) ?? [];
    const word = { aws: "Amazon EC2", azure: "Azure", google: "Google", openstack: "OpenStack" };
    const name = { ...word, qemu: "QEMU", other: "unknown" }[cloud];
    assert.ok(clouds.includes(name), `${variant}: ${name}`);
    assert.equal(tees === "", tee === null, variant);
  }
  assert.ok(CLOUDS.length === 5);
});

Deno.test("docs/collection.md names codes that there are", () => {
  const named = [...PAGE.matchAll(/`([a-z]+\.[a-z_]+)`/g)].map(([, code = ""]) => code);
  assert.ok(named.length >= 4);
  for (const code of named) assert.ok(code in DEVICE_CODES || code in CORE_CODES, code);
});
