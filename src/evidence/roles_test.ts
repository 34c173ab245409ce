import assert from "node:assert/strict";
import { InputError, RejectedError } from "../core/errors.ts";
import { inRoles } from "./roles.ts";

const ROLES = { "hcl-report": "hclReport" };
const empty = (input: string): InputError =>
  new InputError("It is empty", { code: "input.empty", fields: { input } });

Deno.test("inRoles gives what was answered", async () => {
  assert.equal(await inRoles(Promise.resolve(7), ROLES), 7);
});

Deno.test("inRoles names the caller's file in an error about it", async () => {
  await assert.rejects(inRoles(Promise.reject(empty("hcl-report")), ROLES), {
    name: "InputError",
    code: "input.empty",
    message: "It is empty (hcl-report)",
    fields: { input: "hcl-report", role: "hclReport" },
  });
});

Deno.test("inRoles passes all other errors on as they are", async () => {
  const rejected = new RejectedError("No", { code: "hcl.magic", fields: { input: "hcl-report" } });
  for (const error of [empty("quote"), rejected, new Error("a bug")]) {
    await assert.rejects(inRoles(Promise.reject(error), ROLES), (thrown) => thrown === error);
  }
});
