/** A search that never finds proves nothing. */

import { deepEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Search, type Secret } from "./needles.ts";

const bytes = crypto.getRandomValues(new Uint8Array(48));
const secret: Secret = { name: "control", bytes, holders: /^$/ };
const search = new Search([secret]);

const found = (content: string | Uint8Array): readonly string[] => search.in(Buffer.from(content));

Deno.test("Search finds a secret however it is written, whole or in part, and nothing else", () => {
  const [whole, backwards] = [Buffer.from(bytes), Buffer.from(bytes.toReversed())];
  for (const before of [0, 1, 2, 3, 17]) {
    const around = Buffer.concat([Buffer.alloc(before, 7), whole, Buffer.alloc(20, 9)]);
    for (const encoding of ["hex", "base64", "base64url"] as const) {
      deepEqual(found(`{"a":"${around.toString(encoding)}"}`), ["control"], encoding);
    }
    deepEqual(found(around), ["control"]);
    deepEqual(found(around.subarray(0, before + 14)), ["control"], "its beginning");
    deepEqual(found(around.subarray(before + 34)), ["control"], "its end");
  }
  deepEqual(found(whole.toString("hex").toUpperCase()), ["control"]);
  deepEqual(found(backwards.toString("hex")), ["control"]);
  deepEqual(found(crypto.getRandomValues(new Uint8Array(60_000))), []);
  deepEqual(found(Buffer.from(crypto.getRandomValues(new Uint8Array(6_000))).toString("hex")), []);
});
