import assert from "node:assert/strict";
import { InputError } from "../core/errors.ts";
import { INIT_BODY, OWNER_REQUEST } from "./init.ts";
import { readMessage } from "./message.ts";

const SECRET = "5ec2e7".repeat(10);

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof InputError);
    assert.equal(error.cause === undefined, error.message.includes("another form"));
    return error.message;
  }
  return "";
}

Deno.test("readMessage() tells of a message with secrets what is wrong, and none of its values", () => {
  const body = {
    v: 1,
    manifests: ["AA"],
    references: [],
    epoch: 1,
    epochRoot: SECRET,
    time: "2026-11-22T07:00:00Z",
    store: null,
  };
  const whole = JSON.stringify(body);
  for (const bad of [whole, JSON.stringify({ ...body, time: SECRET }), whole.slice(0, -40)]) {
    const bytes = new TextEncoder().encode(bad);
    const message = messageOf(() => readMessage(INIT_BODY, bytes));
    assert.match(message, /^Cannot read initialisation: /);
    assert.ok(!message.includes(SECRET.slice(0, 6)), message);
  }
  const open = new TextEncoder().encode(JSON.stringify({ v: 1, purpose: SECRET }));
  assert.match(messageOf(() => readMessage(OWNER_REQUEST, open)), /purpose expected .*5ec2e7/);
});
