/**
 * Attacks on the channel, each refused by its own code. That each succeeds where
 * its defence is switched off is shown by `deno task attacks`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ATTACKS } from "./channel.ts";

async function outcome(name: string): Promise<string | undefined> {
  return await ATTACKS[name]?.();
}

Deno.test("NET-02 Who carries the messages answers nothing in the node's place", async () => {
  assert.equal(await outcome("answer"), "channel.answer");
});

Deno.test("NET-03 Evidence that is there and says nothing of who shows it is refused", async () => {
  assert.equal(await outcome("present"), "snp.report_data_mismatch");
});

Deno.test("NET-04 Evidence of one key is refused beside the certificate of another", async () => {
  assert.equal(await outcome("own-leaf"), "statement.tls_mismatch");
});

Deno.test("NET-04 A request over another certificate than was attested is refused by the server too", async () => {
  assert.equal(await outcome("old-connection"), "statement.tls_mismatch");
});

Deno.test("NET-05 Evidence carried by who terminates TLS himself leads to no connection with him", async () => {
  assert.equal(await outcome("carry"), "channel.pin");
});

Deno.test("NET-05 Evidence that was given to one server is refused by another", async () => {
  assert.equal(await outcome("relay"), "statement.audience_mismatch");
});

Deno.test("A sealed request is refused when it comes again", async () => {
  assert.equal(await outcome("replay"), "channel.nonce_used");
});
