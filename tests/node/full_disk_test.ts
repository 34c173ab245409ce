/**
 * A disk that fails in the midst of an admission, and then works again.
 *
 * @module
 */

import assert from "node:assert/strict";
import { OperationError } from "../../src/core/errors.ts";
import { testWithTpm } from "../tpm/swtpm.ts";
import { isAdmitted } from "./killed.ts";
import {
  initAt,
  makeOwner,
  makeStore,
  MemoryFiles,
  startAgent,
  untilSo,
  verifyAll,
  withMachines,
} from "./world.ts";

/** Fails once, when it is told that the node has its place. */
class FullDisk extends MemoryFiles {
  failed = 0;

  override write(name: string, bytes: Uint8Array): Promise<void> {
    const isFinal = new TextDecoder().decode(bytes).includes('"stage":"final"');
    if (!isFinal || this.failed > 0) return super.write(name, bytes);
    this.failed++;
    return Promise.reject(new OperationError("No space left", { code: "node.state_folder" }));
  }
}

testWithTpm(
  "an agent whose disk fails after its register was extended becomes that member",
  async () => {
    const owner = await makeOwner();
    await withMachines(2, owner.clusterId, async ([first, second]) => {
      assert.ok(first !== undefined && second !== undefined);
      const { clusterId } = owner;
      const store = makeStore();
      const one = await startAgent(first, clusterId, store);
      await initAt(owner, one.url);
      const files = new FullDisk();
      const how = { peers: [one.url], group: "control-plane" };
      const two = await startAgent({ ...second, files }, clusterId, store, how);
      await untilSo("it is admitted", () => isAdmitted(two));
      assert.equal(files.failed, 1);
      const refused = two.events.filter(({ event }) => event === "refused");
      assert.deepEqual(refused.map(({ fields }) => fields["code"]), ["node.state_folder"]);
      const { verdict } = await verifyAll(owner, [one.url, two.url]);
      assert.equal(verdict, "lab-trusted");
      for (const running of [one, two]) await running.end();
    });
  },
);
