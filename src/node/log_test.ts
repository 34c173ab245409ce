import assert from "node:assert/strict";
import { InputError, RejectedError } from "../core/errors.ts";
import { failureEvent, type NodeEvent, withoutFloods } from "./log.ts";

const refused = (code: string, who: string): NodeEvent => {
  const error = new RejectedError(`Cannot admit the node: ${who}`, { code });
  return failureEvent("request_failed", "warning", "Request to /v1/join", error);
};

Deno.test("withoutFloods() tells some lines of each code in a minute, and counts the rest", () => {
  let now = 0;
  const told: NodeEvent[] = [];
  const log = withoutFloods((event) => told.push(event), () => now);
  for (let i = 0; i < 100_000; i++) log(refused("join.group", `stranger ${i}`));
  assert.equal(told.length, 8);
  for (let i = 0; i < 1000; i++) log(refused("join.account", "the same"));
  assert.equal(told.length, 9, "the same is told once");
  log(refused("join.full", "a node that should be in"));
  assert.match(told.at(-1)?.message ?? "", /should be in$/);
  now = 59_999;
  log(refused("join.group", "another"));
  assert.equal(told.length, 10);
  now = 60_000;
  log(refused("join.group", "yet another"));
  const last = told.at(-1);
  assert.match(last?.message ?? "", /yet another \(99993 more of this code were not told\)$/);
  assert.deepEqual(last?.fields, { code: "join.group", untold: 99_993 });
  now = 120_000;
  log(refused("join.group", "quiet now"));
  assert.deepEqual(told.at(-1)?.fields, { code: "join.group" });
});

Deno.test("withoutFloods() is not filled by paths that anybody makes up, and lets all else through", () => {
  const told: NodeEvent[] = [];
  const log = withoutFloods((event) => told.push(event), () => 0);
  const none = new InputError("Cannot answer: there is no such path and method", {
    code: "channel.no_path",
  });
  for (let i = 0; i < 1000; i++) {
    log(failureEvent("request_failed", "warning", `Request to /${i}`, none));
  }
  assert.equal(told.length, 8);
  const phase: NodeEvent = { level: "info", event: "phase", message: "Phase", fields: {} };
  for (let i = 0; i < 100; i++) log(phase);
  assert.equal(told.length, 108);
});
