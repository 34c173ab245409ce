import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { InputError } from "../../src/core/errors.ts";
import {
  newMasterSecret,
  readMasterSecret,
  writeMasterSecret,
} from "../../src/keys/master_secret.ts";

const CLUSTER = "c1".repeat(32);

let drawn = 0;
const RANDOM = { bytes: (length: number) => new Uint8Array(length).fill(++drawn) };

const MASTER = newMasterSecret(CLUSTER, RANDOM);
const TEXT = new TextDecoder().decode(writeMasterSecret(MASTER));

function read(text: string, clusterId = CLUSTER) {
  return readMasterSecret(new TextEncoder().encode(text), clusterId);
}

/** What reading throws; its text, fields and causes hold no secret. */
function refusal(text: string, clusterId?: string): InputError {
  try {
    read(text, clusterId);
  } catch (error) {
    assert.ok(error instanceof InputError);
    assert.equal(error.cause, undefined);
    const told = `${error.message} ${JSON.stringify(error.fields)} ${error.stack}`;
    for (const secret of [MASTER.secret, MASTER.salt]) {
      assert.ok(!told.includes(toHex(secret).slice(0, 16)), told);
    }
    return error;
  }
  assert.fail("It was read");
}

Deno.test("a master secret has 32 random bytes twice, and comes back from its file", () => {
  assert.equal(toHex(MASTER.secret), "01".repeat(32));
  assert.equal(toHex(MASTER.salt), "02".repeat(32));
  assert.deepEqual(read(TEXT), MASTER);
  assert.deepEqual(read(TEXT, CLUSTER.toUpperCase()), MASTER);
});

Deno.test("the master secret of one cluster is taken for no other", () => {
  const other = "c2".repeat(32);
  const { code, fields } = refusal(TEXT, other);
  assert.deepEqual([code, fields], ["keys.cluster", { expected: other, actual: CLUSTER }]);
  // Nor does it become another's by its name alone.
  assert.equal(refusal(TEXT.replace(CLUSTER, other), other).code, "keys.malformed");
});

Deno.test("a master secret that is damaged anywhere is refused, and nothing of it is told", () => {
  for (let at = 0; at < TEXT.length - 1; at++) {
    const character = TEXT[at] ?? "";
    const bent = character === "1" ? "3" : "1";
    const text = `${TEXT.slice(0, at)}${bent}${TEXT.slice(at + 1)}`;
    // Between members any blank space reads alike, and none of it was changed into another.
    assert.equal(refusal(text).code, "keys.malformed", `character ${at}`);
  }
});

Deno.test("what is no master secret is refused", () => {
  const document = JSON.parse(TEXT);
  const { salt: _, ...withoutSalt } = document;
  const others = [
    "",
    "{}",
    TEXT.slice(0, -3),
    `${TEXT}${TEXT}`,
    JSON.stringify(withoutSalt),
    JSON.stringify({ ...document, more: 1 }),
    JSON.stringify({ ...document, v: 2 }),
    JSON.stringify({ ...document, kind: "casemate-share" }),
    JSON.stringify({ ...document, secret: toHex(MASTER.secret).slice(2) }),
    TEXT.replace('"v"', `"secret": "${"01".repeat(32)}", "v"`),
    `${TEXT}${" ".repeat(4097 - TEXT.length)}`,
  ];
  // Blanks alone are no damage; too many of them are.
  assert.deepEqual(read(`${TEXT}${" ".repeat(4096 - TEXT.length)}`), MASTER);
  for (const text of others) assert.equal(refusal(text).code, "keys.malformed", text);
});
