import assert from "node:assert/strict";
import { showIdentity } from "./show.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const MEMBERS = {
  accountId: "012345678901",
  instanceId: "i-0123456789abcdef0",
  region: "eu-central-1",
  pendingTime: "2026-01-01T12:00:00Z",
  billingProducts: null,
};

Deno.test("showIdentity() tells each member of an identity document", () => {
  const shown = showIdentity(encode(JSON.stringify(MEMBERS, null, 2)));
  assert.equal(shown?.kind, "ec2-identity");
  assert.match(shown?.title ?? "", /not verified/);
  assert.deepEqual(shown?.sections[0]?.rows, [
    { name: "accountId", value: "012345678901" },
    { name: "instanceId", value: "i-0123456789abcdef0" },
    { name: "region", value: "eu-central-1" },
    { name: "pendingTime", value: "2026-01-01T12:00:00Z" },
    { name: "billingProducts", value: "null" },
  ]);
});

Deno.test("showIdentity() takes nothing else for one", () => {
  const { region: _, ...partly } = MEMBERS;
  const whole = JSON.stringify(MEMBERS);
  for (
    const text of [
      ...["", "{}", "[]", "null", " ", "{", JSON.stringify(partly), `[${whole}]`, `${whole}{}`],
      ...[whole.replace("{", '{"region":"a",'), `\ufeff${whole}`],
      whole.replace("{", `{${JSON.stringify("x".repeat(17_000))}:1,`),
    ]
  ) assert.equal(showIdentity(encode(text)), null, text.slice(0, 60));
  assert.equal(showIdentity(Uint8Array.of(0x7b, 0xff)), null);
});
