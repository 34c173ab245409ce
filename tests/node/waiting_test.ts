/**
 * How long agents wait before they ask again.
 *
 * @module
 */

import assert from "node:assert/strict";
import { nodeHost } from "../../src/hosts/node_host.ts";
import { NOBODY } from "../channel/host_double.ts";
import { testWithTpm } from "../tpm/swtpm.ts";
import { initAt, makeOwner, makeStore, startAgent, untilSo, withMachines } from "./world.ts";

/** Waits that pass at once, and are kept; the last goes on until the agent ends. */
function waits(most: number) {
  const kept: number[] = [];
  const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> => {
    // Not those that are beside its way: keys, time, manifests.
    if (milliseconds === 10_000) return nodeHost.sleep(3_600_000, signal);
    kept.push(milliseconds);
    return kept.length < most ? Promise.resolve() : nodeHost.sleep(3_600_000, signal);
  };
  return { kept, host: { sleep } };
}

testWithTpm(
  "who is too early asks again within 5 s, who is refused within half a minute",
  async () => {
    const owner = await makeOwner();
    await withMachines(2, owner.clusterId, async ([first, second]) => {
      assert.ok(first !== undefined && second !== undefined);
      const { clusterId } = owner;
      const server = await startAgent(first, clusterId, makeStore());
      const ask = async (peers: readonly string[], group: string) => {
        const { kept, host } = waits(9);
        const agent = await startAgent(second, clusterId, makeStore(), { peers, group, host });
        await untilSo("it waits", () => kept.length === 9);
        await agent.end();
        return { first: kept[0] ?? NaN, longest: Math.max(...kept) };
      };
      const nobody = `https://127.0.0.1:${NOBODY}`;
      for (const peers of [[nobody], [server.url], [server.url, nobody]]) {
        const early = await ask(peers, "worker");
        assert.ok(early.first <= 500 && early.longest > 2000 && early.longest <= 5000, `${peers}`);
      }
      await initAt(owner, server.url);
      const refused = await ask([server.url, nobody], "none");
      assert.ok(refused.first <= 500 && refused.longest > 5000 && refused.longest <= 30_000);
      await server.end();
    });
  },
);
