import assert from "node:assert/strict";
import { inlineEngine as engine } from "../core/crypto_inline.ts";
import { toBase64, toHex } from "../core/bytes.ts";
import { technologies } from "../evidence/registry.ts";
import { examine } from "../verifier/inline.ts";
import type { Request } from "../verifier/request.ts";
import { readVectors, type Vector } from "../../tests/vectors.ts";
import { requestOf } from "../../tests/report/states.ts";
import { type Heap, sortHeap } from "./heap.ts";
import type { NamedFile } from "./look.ts";

/** Every file of a vector under a name that says nothing, the last first. */
function heapOf({ files }: Vector): readonly NamedFile[] {
  const all = Object.values(files).flatMap((file) =>
    file === undefined ? [] : file instanceof Uint8Array ? [file] : file
  );
  return all.map((bytes, i) => ({ name: `${i}`, bytes })).reverse();
}

/** The request with what was found in the heap. */
function asFound(id: string, vector: Vector, heap: Heap): Request {
  const found = heap.candidates.find(({ technology }) => technology.id === id);
  assert.ok(
    found,
    `${id}/${vector.name} is not among ${heap.candidates.map(({ technology }) => technology.id)}`,
  );
  const request: unknown = { ...requestOf(id, vector), evidence: found.files };
  return request as Request;
}

/** All vectors with `deno task page:test`; otherwise some that nobody bent. */
const ALL = Deno.env.get("CASEMATE_PAGE") === "full";

/** Bent where files of the kind are known by, so that nobody can know them. */
const UNKNOWN: Readonly<Record<string, readonly string[]>> = {
  "tpm": ["bent-magic", "bent-signature-trailing"],
  "nitro-enclave": ["bent-es256", "bent-header-more", "bent-indefinite"],
};

for (const { id } of technologies) {
  Deno.test(`sortHeap() puts every file of ${id} in its place, whatever its name`, async () => {
    const unknown: string[] = [];
    const vectors = await readVectors(id);
    const some = vectors.filter(({ name }) => !name.startsWith("bent-")).slice(0, 2);
    for (const vector of ALL ? vectors : some) {
      const heap = await sortHeap(engine, heapOf(vector));
      if (heap.files.some(({ known }) => !known)) {
        unknown.push(vector.name);
        continue;
      }
      const result = await examine(asFound(id, vector, heap));
      assert.equal(result.verdict, vector.verdict, vector.name);
      assert.equal(result.code, vector.code, vector.name);
    }
    assert.deepEqual(unknown, ALL ? UNKNOWN[id] ?? [] : []);
  });
}

Deno.test("sortHeap() reads what was written in hex or base64, and says so", async () => {
  const [vector] = await readVectors("sev-snp");
  assert.ok(vector);
  const files = heapOf(vector);
  const text = (write: (bytes: Uint8Array) => string): Promise<Heap> =>
    sortHeap(
      engine,
      files.map(({ name, bytes }) => ({
        name,
        bytes: new TextEncoder().encode(` ${write(bytes)}\n`),
      })),
    );
  for (const [write, name] of [[toHex, "hex"], [toBase64, "base64"]] as const) {
    const heap = await text(write);
    assert.deepEqual(heap.candidates[0]?.missing, []);
    assert.deepEqual(heap.files.map(({ note }) => note), files.map(() => `written in ${name}`));
    assert.ok(heap.candidates[0]?.placed.every(({ piece }) => !piece.whole));
  }
});
