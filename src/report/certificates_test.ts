import assert from "node:assert/strict";
import { chainOf, commonName } from "./certificates.ts";

function certificate(subject: string, issuer: string): object {
  return { subject, issuer, spkiSha256: "00" };
}

Deno.test("chainOf() orders certificates from root to leaf, wherever claims hold them", () => {
  const claims = {
    leaf: { certificate: certificate("C", "B") },
    more: [certificate("B", "A"), { deep: certificate("A", "A") }],
    text: "x",
    none: null,
  };

  assert.deepEqual(chainOf(claims).map(({ subject }) => subject), ["A", "B", "C"]);
});

Deno.test("chainOf() ends where certificates issue each other in a circle, and without a root", () => {
  assert.deepEqual(
    chainOf([certificate("A", "A"), certificate("B", "A"), certificate("A", "B")]).length,
    3,
  );
  assert.deepEqual(chainOf([certificate("A", "B"), certificate("B", "A")]), []);
  assert.deepEqual(chainOf(null), []);
});

Deno.test("commonName() is not fooled by an escaped comma", () => {
  assert.equal(commonName("CN=ARK-Genoa,O=AMD"), "ARK-Genoa");
  assert.equal(commonName("O=Casemate lab\\, CN=x,CN=ARK\\,Milan"), "ARK\\,Milan");
  assert.equal(commonName("O=only"), "O=only");
});
