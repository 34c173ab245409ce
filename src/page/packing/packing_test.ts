import assert from "node:assert/strict";
import { pack, type Packing } from "../../../scripts/page/pack.ts";
import { unpack } from "./unpack.ts";

const now = (): Promise<void> => Promise.resolve();

/** Bytes that repeat themselves, bytes that do not, none. */
const CONTENTS: readonly Uint8Array[] = [
  new Uint8Array(),
  new Uint8Array(1),
  new Uint8Array(70_000).fill(255),
  crypto.getRandomValues(new Uint8Array(3000)),
  new TextEncoder().encode("const a = () => { throw new TypeError(); };\n".repeat(99) + "ü – €"),
  Uint8Array.from({ length: 5000 }, (_, i) => i * i >> 3),
];

for (const packing of ["stored", "text", "module"] as const) {
  Deno.test(`unpack() gives back what was packed as ${packing}`, async () => {
    for (const bytes of CONTENTS) {
      assert.deepEqual(await unpack(pack(bytes, packing), now), bytes);
    }
  });
}

Deno.test("pack() takes a module to less than half, however it is cut", async () => {
  const path = new URL("../../../wasm/lib/casemate_core_bg.wasm", import.meta.url);
  const whole = await Deno.readFile(path);
  // The walk over it loses its way in what is no module, and that costs bytes alone.
  for (const bytes of [whole.slice(0, 60_000), whole.slice(1000, 30_000)]) {
    const packed = pack(bytes, "module");
    assert.ok(packed.length < bytes.length * 0.5, `${packed.length} of ${bytes.length}`);
    assert.deepEqual(await unpack(packed, now), bytes);
  }
});

Deno.test("pack() says the same whenever it is asked", () => {
  const bytes = new TextEncoder().encode("what is said twice is said twice".repeat(20));
  const packings: readonly Packing[] = ["text", "module"];
  for (const packing of packings) assert.deepEqual(pack(bytes, packing), pack(bytes, packing));
});
