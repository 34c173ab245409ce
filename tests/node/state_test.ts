/**
 * The folder of a node's state, as its host keeps it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { OperationError } from "../../src/core/errors.ts";
import type { OpenState } from "../../src/core/node_host.ts";
import { openNodeState } from "../../src/hosts/node_state.ts";
import { readSavedNode, type SavedNode, writeSavedNode } from "../../src/node/saved.ts";

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const above = await Deno.makeTempDir({ prefix: "casemate_state_" });
  try {
    await use(`${above}/state`);
  } finally {
    await Deno.remove(above, { recursive: true });
  }
}

async function withState(use: (state: OpenState, folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const state = await openNodeState(folder);
    try {
      await use(state, folder);
    } finally {
      state.close();
    }
  });
}

async function assertRefused(work: Promise<unknown>, says: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof OperationError);
    assert.equal(error.code, "node.state_folder");
    assert.match(error.message, says);
    return true;
  });
}

function modeOf(path: string): number {
  return (Deno.statSync(path).mode ?? 0) & 0o777;
}

Deno.test("openNodeState() makes a folder and files that only its user may read", () =>
  withState(async ({ files }, folder) => {
    await files.write("node.state", new Uint8Array([1]));
    assert.deepEqual([modeOf(folder), modeOf(`${folder}/node.state`)], [0o700, 0o600]);
  }));

Deno.test("openNodeState() refuses a folder that others may read, one that is a file, one in use", () =>
  withFolder(async (folder) => {
    const state = await openNodeState(folder);
    try {
      await assertRefused(openNodeState(folder), /another process uses it/);
    } finally {
      state.close();
    }
    (await openNodeState(folder)).close();
    await Deno.chmod(folder, 0o750);
    await assertRefused(openNodeState(folder), /others may read it; make it 0700/);
    await Deno.writeFile(`${folder}/file`, new Uint8Array());
    await assertRefused(openNodeState(`${folder}/file`), /file/);
  }));

Deno.test("files that are not there are null, and removing them is no error", () =>
  withState(async ({ files }) => {
    assert.equal(await files.read("node.state"), null);
    await files.remove("node.state");
    await files.write("node.state", new Uint8Array([1]));
    await files.remove("node.state");
    assert.equal(await files.read("node.state"), null);
    await assert.rejects(() => files.read("../node.state"), RangeError);
  }));

Deno.test("what was cut short on the way to the disk is neither read nor in the way", () =>
  withState(async ({ files }, folder) => {
    await files.write("node.state", new Uint8Array([1]));
    await Deno.writeFile(`${folder}/node.state.unfinished`, new Uint8Array(500));
    assert.deepEqual(await files.read("node.state"), new Uint8Array([1]));
    await files.write("node.state", new Uint8Array([2]));
    assert.deepEqual(await files.read("node.state"), new Uint8Array([2]));
  }));

Deno.test("changes that are asked for at once are made in their order, and readers find whole files", () =>
  withState(async ({ files }) => {
    const contents = Array.from({ length: 20 }, (_, i) => new Uint8Array(20_000 - i).fill(i));
    const [first, last] = [contents[0] ?? assert.fail(), contents.at(-1) ?? assert.fail()];
    await files.write("node.state", first);
    let over = false;
    const writing = Promise.all(contents.map((bytes) => files.write("node.state", bytes)))
      .finally(() => over = true);
    while (!over) {
      const found = await files.read("node.state") ?? assert.fail();
      assert.deepEqual(found, contents[found[0] ?? -1]);
    }
    await writing;
    assert.deepEqual(await files.read("node.state"), last);
  }));

Deno.test("a change that fails leaves what was, and the next is made", () =>
  withState(async ({ files }) => {
    await files.write("node.state", new Uint8Array([1]));
    const [large, next] = await Promise.allSettled([
      files.write("node.state", new Uint8Array(4 * 1024 * 1024 + 1)),
      files.write("other.state", new Uint8Array([2])),
    ]);
    assert.deepEqual([large.status, next.status], ["rejected", "fulfilled"]);
    if (large.status === "rejected") {
      await assertRefused(Promise.reject(large.reason), /more than the 4194304/);
    }
    assert.deepEqual(await files.read("node.state"), new Uint8Array([1]));
    assert.deepEqual(await files.read("other.state"), new Uint8Array([2]));
  }));

Deno.test("a node reads all that it saved, also where chain and members are larger than a message", () =>
  withState(async ({ files }) => {
    const clusterId = "c2".repeat(32);
    const saved: SavedNode = {
      ...{ v: 1, clusterId, floor: "2026-11-22T12:00:00Z", manifestSequence: 1 },
      ...{ manifestDigest: "d3".repeat(32), admission: null },
      manifests: [new Uint8Array([1])],
      references: Array.from({ length: 16 }, () => new Uint8Array(100 * 1024)),
    };
    await writeSavedNode(files, saved);
    assert.deepEqual(await readSavedNode(files, clusterId), saved);
  }));
