import assert from "node:assert/strict";
import type { Decoder, Key } from "../core/decode.ts";
import { technologies } from "../evidence/registry.ts";
import { policyDecoder } from "./policy.ts";

/** A setting that is no section, and where it stands. */
interface Setting {
  readonly path: string;
  readonly key: Key<unknown>;
}

function settingsOf({ keys = {} }: Decoder<unknown>, path: string): readonly Setting[] {
  return Object.entries(keys).flatMap(([name, key]): readonly Setting[] => {
    const here = path === "" ? name : `${path}.${name}`;
    return key.decoder.keys === undefined ? [{ path: here, key }] : settingsOf(key.decoder, here);
  });
}

const settings = settingsOf(policyDecoder(technologies), "").filter(({ path }) =>
  path !== "version"
);

/** Values of a setting that has few: its words, or yes and no; also those that lists are of. */
function wordsOf({ key }: Setting): readonly unknown[] {
  const { schema } = key.decoder;
  if (schema["type"] === "boolean") return [true, false];
  if (Array.isArray(schema["enum"])) return schema["enum"];
  const items: unknown = schema["items"];
  const words: unknown = typeof items === "object" && items !== null && "enum" in items
    ? items.enum
    : [];
  return Array.isArray(words) ? words.map((word: unknown) => [word]) : [];
}

Deno.test("every section of a policy exposes its keys", () => {
  for (const { id } of technologies) {
    assert.ok(settings.some(({ path }) => path.startsWith(`${id}.`)), id);
  }
  assert.ok(settings.length > 200, `${settings.length} settings`);
});

Deno.test("every setting knows which of two values is the weaker", () => {
  const without = settings.filter(({ key }) => key.compare === undefined).map(({ path }) => path);
  assert.deepEqual(without, []);
});

Deno.test("no default costs anything", () => {
  for (const { path, key } of settings) {
    assert.ok(key.absent !== undefined, `${path} has a default`);
    assert.equal(key.costs?.(key.absent.value) ?? null, null, path);
  }
});

Deno.test("what costs something is weaker than the default, and what is weaker costs something", () => {
  let weaker = 0;
  for (const setting of settings) {
    const { path, key } = setting;
    for (const word of wordsOf(setting)) {
      const change = key.compare?.(key.absent?.value, key.decoder.decode(word, path));
      const costs = key.costs?.(word) ?? null;
      const about = `${path}: ${JSON.stringify(word)}`;
      // A list may leave out what the default has, and have more beside.
      const drops = Array.isArray(word) && change === "other";
      assert.ok(change === "weaker" || drops ? costs !== null : costs === null, about);
      if (costs !== null) weaker++;
    }
  }
  assert.ok(weaker > 60, `${weaker} weaker values`);
});

Deno.test("costs are one plain sentence without capital and full stop", () => {
  for (const setting of settings) {
    for (const word of wordsOf(setting)) {
      const costs = setting.key.costs?.(word);
      if (costs === undefined || costs === null) continue;
      assert.match(costs, /^[a-zA-Z][^.]{20,160}[^.\s]$/, `${setting.path}: ${costs}`);
      assert.ok(/^(?:[a-z]|AMD|Intel|TD)/.test(costs), `${setting.path}: ${costs}`);
    }
  }
});

Deno.test("each change has its opposite the other way round", () => {
  const opposite = { same: "same", stronger: "weaker", weaker: "stronger", other: "other" };
  for (const setting of settings) {
    const { key, path } = setting;
    const values = [key.absent?.value, ...wordsOf(setting)];
    for (const from of values) {
      for (const to of values) {
        const there = key.compare?.(from, to) ?? "same";
        assert.equal(key.compare?.(to, from), opposite[there], path);
      }
    }
  }
});
