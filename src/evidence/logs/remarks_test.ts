import assert from "node:assert/strict";
import {
  ascii,
  type FakeEvent,
  fakeLog,
  opaque,
  separator,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { EVENT_TYPES, HASHED_WHOLE, typeName } from "./event_types.ts";
import { REMARKS } from "./remark.ts";
import { remarkOn } from "./remarks.ts";

const SEPARATORS = [0, 1, 2, 3, 4, 5, 6, 7].map(separator);

/** Remarks on events behind a firmware that did all as it should. */
function kinds(...events: readonly FakeEvent[]): readonly string[] {
  return remarkOn(fakeLog([...SEPARATORS, ...events])).map(({ kind, register, event }) =>
    `${kind} ${register} ${event}`
  );
}

Deno.test("remarkOn() has nothing to say of a log as it should be", () => {
  assert.deepEqual(kinds(opaque(4, 0x80000003, "shim"), whole(5, 0x80000007, ascii("x"))), []);
});

Deno.test("remarkOn() sees data that should be covered, and exceptions that are known", () => {
  assert.deepEqual(kinds(opaque(5, 0x80000006, "x")), ["data-not-covered 5 8"]);
  assert.deepEqual(kinds(opaque(7, 0x800000e0, "x")), ["variable-not-covered 7 8"]);
  assert.deepEqual(kinds(opaque(1, 0x80000002, "x")), ["variable-not-covered 1 8"]);
});

Deno.test("remarkOn() sees unknown types, and separators that are none, or have another type", () => {
  assert.deepEqual(kinds(opaque(9, 0x1234, "x")), ["unknown-type 9 8"]);
  assert.deepEqual(kinds(opaque(9, 0x04, "x")), ["separator-digest 9 8", "data-not-covered 9 8"]);
  assert.deepEqual(kinds(whole(9, 0x0d, new Uint8Array(4))), ["separator-type 9 8"]);
  assert.deepEqual(kinds(whole(3, 0x04, Uint8Array.of(1, 0, 0, 0))), ["separator-error 3 8"]);
  assert.deepEqual(kinds(separator(3)), ["separator-repeated 3 8"]);
  assert.deepEqual(remarkOn(fakeLog(SEPARATORS.slice(1))), [
    { kind: "separator-missing", register: 0, event: null },
  ]);
});

Deno.test("LOG-01 remarkOn() sees an event that extends nothing and has a digest", () => {
  const note: FakeEvent = { ...opaque(4, 3, "x"), register: null };
  const at = SEPARATORS.length;
  assert.deepEqual(kinds(note), []);
  const edited = fakeLog([...SEPARATORS, note], { digests: { [at]: { sha256: "ab".repeat(32) } } });
  assert.deepEqual(remarkOn(edited), [{ kind: "no-action-digest", register: null, event: at }]);
});

Deno.test("remarkOn() says that SHA-1 alone proves nothing", () => {
  assert.deepEqual(remarkOn(fakeLog(SEPARATORS, { banks: ["sha1"] })), [
    { kind: "sha1-only", register: null, event: null },
  ]);
});

Deno.test("typeName() knows each type of the specification once, and writes others as numbers", () => {
  const names = [...EVENT_TYPES.values()].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(HASHED_WHOLE.map((type) => typeName(type, "")), [
    "EV_SEPARATOR",
    "EV_ACTION",
    "EV_EFI_VARIABLE_DRIVER_CONFIG",
    "EV_EFI_GPT_EVENT",
    "EV_EFI_ACTION",
  ]);
  assert.deepEqual([typeName(0x99, ""), typeName(null, "systemd")], ["0x00000099", "systemd"]);
  for (const text of Object.values(REMARKS)) assert.match(text, /^[A-Z].*[^.]$/);
});
