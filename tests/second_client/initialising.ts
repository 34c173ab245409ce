/**
 * The second client as an owner: it founds a cluster, initialises an agent of
 * this project by what `docs/protocol.md` says, and a node in Python joins it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { LAB_INSTANCE } from "../../src/lab/mod.ts";
import { labImageRegisters } from "../../src/lab/machine/mod.ts";
import { labAuthorityAt } from "../lab_authority.ts";
import { tpmAuthority } from "../tpm_authority.ts";
import { startAgent } from "./agent.ts";
import { SecondClient } from "./client.ts";
import { casemate } from "./lab.ts";
import { type Maker, rootsOf, withMachine } from "./machine.ts";

const now = new Date();
const maker: Maker = { amd: await labAuthorityAt(now), google: await tpmAuthority("P-256"), now };

/** What bent initialisations are refused with. */
const REFUSED: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  "other-signer": { code: "dsse.key", status: 403 },
  "other-owner": { code: "node.owner_request", status: 403 },
  "other-body": { code: "node.init_body", status: 403 },
  "other-audience": { code: "channel.stale_keys", status: 403 },
  "other-nonce": { code: "channel.nonce_unknown", status: 403 },
};

Deno.test("Python founds a cluster, initialises its first node, and bends in vain", async () => {
  await using owner = new SecondClient();
  const roots = await Deno.makeTempFile({ prefix: "casemate_roots_", suffix: ".pem" });
  await using _file = { [Symbol.asyncDispose]: () => Deno.remove(roots) };
  await Deno.writeTextFile(roots, rootsOf(maker));
  const project = LAB_INSTANCE.projectId;
  const registers = await labImageRegisters();
  const founded = await owner.done("found", { labRoots: roots, project, registers });
  const clusterId = String(founded["clusterId"]);

  await withMachine(maker, { clusterId }, async (machine) => {
    await using agent = await startAgent(machine, { clusterId, group: "control-plane", roots });
    const { url } = agent;
    for (const [name, expected] of Object.entries(REFUSED)) {
      assert.deepEqual(await owner.refused("bend_init", { name, url }), expected, name);
    }
    const done = await owner.done("initialise", { url });
    assert.deepEqual([done["nodeName"], done["already"]], ["control-plane-1", "no"]);
    const again = await owner.refused("initialise", { url });
    assert.deepEqual(again, { code: "node.purpose_refused", status: 403 });

    await withMachine(maker, { clusterId }, async ({ tpm, tee }) => {
      await using node = new SecondClient();
      await node.done("start", { tpm, tee, clusterId, bootId: "b5".repeat(16) });
      const { url: own } = await node.done("serve", {});
      await node.done("connect", { url, labRoots: roots });
      const answer = await node.done("join", { group: "worker" });
      assert.equal(answer["nodeName"], "worker-1");
      await node.done("become", { answer });
      await node.done("renew", {});

      await node.done("pose", {});
      const peers = [String(own)];
      await withMachine(maker, { clusterId }, async (third) => {
        await using deceived = await startAgent(third, {
          clusterId,
          group: "worker",
          roots,
          peers,
        });
        await untilItSays(deceived.url, /statement\.role_mismatch/);
      });
      // The agent saw a genuine member with genuine manifests, and told it nothing of itself.
      assert.deepEqual(await node.done("asked", {}), { paths: ["/v1/attest", "/v1/manifest"] });
    });
  });
});

/** Longest time until an agent says what is waited for, ms. */
const PATIENCE = 60_000;

/** Waits until an agent says what is waited for. */
async function untilItSays(url: string, what: RegExp): Promise<void> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    const said = await casemate("node", "status", url, "-o", "json");
    if (what.test(said)) return;
    if (performance.now() > until) throw new Error(`The agent says: ${said}`);
    await new Promise((done) => setTimeout(done, 500));
  }
}
