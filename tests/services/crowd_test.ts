/** Many nodes that join at once. */

import { MemoryStore } from "../../src/services/store/memory.ts";
import { crowd } from "./crowd.ts";
import { testWithEtcd } from "./etcd.ts";

/** Each change is some round trips and a write to disk, so that the whole crowd is for a named run. */
const ON_ETCD = Deno.env.get("CASEMATE_SERVICES") === "full" ? 200 : 40;

Deno.test("JoinService admits 200 nodes at once over three control planes, in memory", async () => {
  const store = new MemoryStore();
  await crowd(200, () => store);
});

testWithEtcd(
  `JoinService admits ${ON_ETCD} nodes at once over three control planes, on etcd`,
  async (etcd) => {
    const prepared = new Set<string>();
    await crowd(ON_ETCD, async (clusterId) => {
      if (!prepared.has(clusterId)) await etcd.setUp(clusterId);
      prepared.add(clusterId);
      return etcd.store(clusterId);
    });
  },
);
