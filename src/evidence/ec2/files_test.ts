import assert from "node:assert/strict";
import type { FilesByRole } from "../evidence.ts";
import { FileTaker } from "../files.ts";
import { identityFiles } from "./files.ts";

const FILE = Uint8Array.of(1);
const read = (files: FilesByRole): object => identityFiles(new FileTaker(files, "an instance"));

Deno.test("identityFiles() takes all of an identity document, or none, or what is not yet believed", () => {
  const whole = { identityDocument: FILE, identitySignature: FILE, identityCert: FILE };
  assert.deepEqual(read(whole), whole);
  assert.deepEqual(read({}), {});
  const { identityCert: _, ...sent } = whole;
  assert.deepEqual(read(sent), sent);
});

Deno.test("identityFiles() refuses a part without the one that it belongs to", () => {
  const missing = (files: FilesByRole, role: string): void =>
    assert.throws(() => read(files), { code: "input.missing", fields: { role, missing: role } });
  missing({ identityDocument: FILE }, "identitySignature");
  missing({ identityDocument: FILE, identityCert: FILE }, "identitySignature");
  missing({ identitySignature: FILE }, "identityDocument");
  missing({ identitySignature: FILE, identityCert: FILE }, "identityDocument");
  missing({ identityCert: FILE }, "identityDocument");
  assert.throws(() => read({ identityDocument: [FILE] }), { code: "input.value" });
});
