import assert from "node:assert/strict";
import { refused } from "../../../../tests/refused.ts";
import { document, read, utf8 } from "./asked_test.ts";
import { writeDocument } from "./signed_test.ts";

const REQUIRED = [
  ...["accountId", "instanceId", "region", "imageId", "instanceType"],
  ...["architecture", "availabilityZone", "pendingTime", "version"],
];

Deno.test("readEc2Identity refuses a document without each member that it needs", async () => {
  for (const member of REQUIRED) {
    for (const value of [undefined, null, 1, ["x"], { x: 1 }]) {
      const asked = read({ document: writeDocument({ [member]: value }) });
      const fields = await refused("ec2.document_malformed", asked, member);
      assert.deepEqual({ ...fields, reason: "" }, { member, reason: "" });
    }
  }
  for (const account of ["", "12345678901", "1234567890123", "12345678901a", "١٢٣٤٥٦٧٨٩٠١٢"]) {
    const asked = read({ document: writeDocument({ accountId: account }) });
    const fields = await refused("ec2.document_malformed", asked, account);
    assert.equal(fields["member"], "accountId");
  }
});

Deno.test("readEc2Identity names the first of several wrong members", async () => {
  const none = Object.fromEntries(REQUIRED.map((member) => [member, undefined]));
  for (const [i, member] of REQUIRED.entries()) {
    const right = Object.fromEntries(REQUIRED.slice(0, i).map((one) => [one, "012345678901"]));
    const asked = read({ document: writeDocument({ ...none, ...right }) });
    const fields = await refused("ec2.document_malformed", asked);
    assert.equal(fields["member"], member);
  }
});

Deno.test("readEc2Identity refuses a document that is no strict JSON", async () => {
  const text = new TextDecoder().decode(document);
  const texts = [
    text.slice(0, -1),
    `\ufeff${text}`,
    `[${text}]`,
    text.replace("{", '{"accountId":"999999999999",'),
    text.replace("null", "9007199254740992"),
  ];
  for (const other of texts) {
    const fields = await refused("ec2.document_malformed", read({ document: utf8(other) }), other);
    assert.deepEqual(Object.keys(fields), ["reason"]);
  }
});
