import assert from "node:assert/strict";
import { hierarchyOf } from "./qualified_name.ts";
import type { Hierarchy, StrongHash } from "./report.ts";

/** Primary keys that swtpm made: hierarchy, hash, Name and Qualified Name as tpm2-tools tell them. */
const PRIMARY_KEYS: readonly (readonly [Hierarchy, StrongHash, string, string])[] = [
  [
    "owner",
    "sha256",
    "000b60916c21be11601232f694c6d609c2f46804f70ae197945ff78ded9062215cde",
    "000be7f7e2d16156efeb0ee98a3cac045afd32137c8c5f06d3626da97e0fc42d1437",
  ],
  [
    "owner",
    "sha384",
    "000c8001ce27a2cacefc4f70eb0e079b4f6ad43d846d651f85beed27ec751b9b6c3aa200b1d26a5751607a47430fb8d3a01c",
    "000c6fc48df3ef1b04f189bb0fefda02b219fbc017e62ac28560ae6f323c7042a9dbc046c5759c569d0c00c2ac9b3331a94e",
  ],
  [
    "endorsement",
    "sha256",
    "000bbf34d5b054aac029587d919bad51b478508bcd7a346a47a42c0b0f9e70857052",
    "000b90086c4d99e87fd5378b6362bbd003cf040a818b101ae96cb3e4d6106d8e1c20",
  ],
  [
    "platform",
    "sha256",
    "000b210aeffc69216367a9c493388a2b6354dc032137bedaca06bff474d5271dbe0e",
    "000bf5081c523a13c1dca32de38feaf32a6028265ee24c57a59274fe43fc98ac69dd",
  ],
  [
    "null",
    "sha256",
    "000b65b2e6c9fe37e22bd7786e7b4698a863cfddac2beeb4063dfa3515eaa3aa7f01",
    "000b04199d2ad18d937879592c0ce9b23d9ed2bb5b5c42675f619e9bdfdc6070b4b5",
  ],
];

for (const [hierarchy, nameAlgorithm, name, qualified] of PRIMARY_KEYS) {
  Deno.test(`hierarchyOf() knows a primary key of the hierarchy ${hierarchy}, ${nameAlgorithm}`, async () => {
    assert.equal(await hierarchyOf({ name, nameAlgorithm }, qualified), hierarchy);
    const other = `${qualified.slice(0, -1)}${qualified.endsWith("0") ? "1" : "0"}`;
    assert.equal(await hierarchyOf({ name, nameAlgorithm }, other), null);
  });
}

Deno.test("hierarchyOf() says nothing of a key under another key", async () => {
  const name = "000b6b32ccbedba5a9f9516674ffbd66de0dc27ca8295c39766a18d0cb9bf8c47f44";
  const qualified = "000bc4d702b4e1ff611754b9d51bbc1bf5779dafceb7caa47193a2bd6463957d2b53";
  assert.equal(await hierarchyOf({ name, nameAlgorithm: "sha256" }, qualified), null);
});
