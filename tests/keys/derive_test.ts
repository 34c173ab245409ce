import assert from "node:assert/strict";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import {
  clusterKey,
  epochRoot,
  KEY_BYTES,
  type KeyName,
  masterOfShares,
  type MasterSecret,
} from "../../src/keys/derive.ts";
import { PROTOCOL } from "../protocol/docs.ts";
import { EPOCH_ROOTS, KEY_CASES, KMS_ROOTS } from "./vectors.ts";

const MASTER: MasterSecret = {
  clusterId: "c1".repeat(32),
  secret: new Uint8Array(32).fill(1),
  salt: new Uint8Array(32).fill(2),
};

const ROOT = new Uint8Array(32).fill(3);

const NAME: KeyName = { purpose: "disk", id: "disk-1", generation: 0 };

Deno.test("epochRoot() gives what the protocol's text does in Python", async () => {
  assert.ok(EPOCH_ROOTS.length >= 5);
  for (const { clusterId, secret, salt, epoch, expected } of EPOCH_ROOTS) {
    const master = { clusterId, secret: fromHex(secret), salt: fromHex(salt) };
    assert.equal(toHex(await epochRoot(master, epoch)), expected);
  }
});

Deno.test("clusterKey() gives what the protocol's text does in Python, in its length", async () => {
  assert.deepEqual(
    new Set(KEY_CASES.map(({ purpose }) => purpose)),
    new Set(Object.keys(KEY_BYTES)),
  );
  for (const { root, expected, ...name } of KEY_CASES) {
    const key = await clusterKey(fromHex(root), name);
    assert.equal(toHex(key), expected);
    assert.equal(key.length, name.purpose === "disk" || name.purpose === "volume" ? 64 : 32);
  }
});

Deno.test("masterOfShares() gives what the protocol's text does in Python", async () => {
  for (const { clusterId, kms, owner, salt, expected } of KMS_ROOTS) {
    const shares = { clusterId, kms: fromHex(kms), owner: fromHex(owner), salt: fromHex(salt) };
    const master = await masterOfShares(shares);
    assert.equal(toHex(master.secret), expected);
    assert.deepEqual([master.clusterId, toHex(master.salt)], [clusterId, salt]);
  }
});

Deno.test("docs/protocol.md shows the first root and the first key of the vectors", () => {
  const [root] = EPOCH_ROOTS;
  const [key] = KEY_CASES;
  assert.ok(root && key);
  const { clusterId, secret, salt } = root;
  for (const inputs of [clusterId, secret, salt, key.root, key.id]) {
    assert.ok(PROTOCOL.includes(`\`${inputs}\``), inputs);
  }
  for (const { expected } of [root, key]) {
    assert.ok(PROTOCOL.includes(`\`\`\`text\n${expected}\n\`\`\`\n`), expected);
  }
});

Deno.test("every part of a key's name gives another key", async () => {
  const names: readonly KeyName[] = [
    NAME,
    { ...NAME, purpose: "volume" },
    { ...NAME, purpose: "s3" },
    { ...NAME, purpose: "etcd" },
    { ...NAME, purpose: "ssh-ca" },
    { ...NAME, id: "disk-2" },
    { ...NAME, id: "disk-1.0" },
    { ...NAME, generation: 1 },
    { ...NAME, generation: 2 ** 32 },
  ];
  const roots = [
    ROOT,
    await epochRoot(MASTER, 1),
    await epochRoot(MASTER, 2),
    await epochRoot({ ...MASTER, clusterId: "c2".repeat(32) }, 1),
    await epochRoot({ ...MASTER, salt: ROOT }, 1),
    await epochRoot({ ...MASTER, secret: ROOT }, 1),
  ];
  const keys: string[] = [];
  for (const root of roots) {
    // The first 32 bytes: the length alone makes no other key.
    for (const name of names) keys.push(toHex((await clusterKey(root, name)).subarray(0, 32)));
  }
  assert.equal(new Set(keys).size, roots.length * names.length);
});

Deno.test("nothing is derived from what has another size, from epoch 0 or for what is no id", async () => {
  const short = new Uint8Array(31);
  const long = new Uint8Array(33);
  for (const bytes of [short, long, new Uint8Array()]) {
    await assert.rejects(epochRoot({ ...MASTER, secret: bytes }, 1), RangeError);
    await assert.rejects(epochRoot({ ...MASTER, salt: bytes }, 1), RangeError);
    await assert.rejects(epochRoot({ ...MASTER, clusterId: toHex(bytes) }, 1), RangeError);
    await assert.rejects(clusterKey(bytes, NAME), RangeError);
  }
  for (const epoch of [0, -1, 0.5, NaN, 2 ** 53]) {
    await assert.rejects(epochRoot(MASTER, epoch), RangeError);
  }
  for (const id of ["", "A", "-a", ".a", "a/b", "a b", "a\n", "ä", "a".repeat(64)]) {
    await assert.rejects(clusterKey(ROOT, { ...NAME, id }), RangeError);
  }
  for (const generation of [-1, 0.5, 2 ** 53]) {
    await assert.rejects(clusterKey(ROOT, { ...NAME, generation }), RangeError);
  }
  const shares = { clusterId: MASTER.clusterId, kms: ROOT, owner: ROOT, salt: ROOT };
  await assert.rejects(masterOfShares({ ...shares, kms: short }), RangeError);
  await assert.rejects(masterOfShares({ ...shares, owner: short }), RangeError);
  await assert.rejects(masterOfShares({ ...shares, salt: short }), RangeError);
});
