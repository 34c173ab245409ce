import assert from "node:assert/strict";
import { typed, typedParts } from "./typed.ts";

const BINARY = { isCompiled: true };
const SOURCES = { isCompiled: false };

Deno.test("typed() names the program as it was started", () => {
  assert.equal(typed(BINARY, "lab status --name x"), "casemate lab status --name x");
  assert.equal(typed(SOURCES, "lab status --name x"), "./scripts/deno task lab status --name x");
  const check = "./scripts/deno run -A main.ts config check a b.yaml";
  assert.equal(typed(SOURCES, "config check a b.yaml"), check);
});

Deno.test("typedParts() keeps the parts, and what a word holds", () => {
  const parts = [["casemate", "evidence", "verify", "a b"], ["--nonce", "5f"]];
  assert.deepEqual(typedParts(BINARY, parts), parts);
  assert.deepEqual(typedParts(SOURCES, parts), [
    ["./scripts/deno", "run", "-A", "main.ts", "evidence", "verify", "a b"],
    ["--nonce", "5f"],
  ]);
});

Deno.test("what is started from sources is sources: the commands of typed() are there", async () => {
  const root = new URL("../../../", import.meta.url);
  await Deno.stat(new URL("scripts/deno", root));
  await Deno.stat(new URL("main.ts", root));
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  assert.match(tasks.lab, /main\.ts lab$/);
});
