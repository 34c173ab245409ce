/**
 * What a manifest changes: each way of weakening a cluster is told as that.
 *
 * @module
 */

import assert from "node:assert/strict";
import { diffManifests } from "../../src/manifest/diff.ts";
import type { Manifest } from "../../src/protocol/manifest.ts";
import { CUSTODIANS, DIGEST, first, hexOf, NOW, OTHER } from "./owner.ts";

const [a, b, c] = CUSTODIANS.map(({ publicKey }) => hexOf(publicKey));
assert.ok(a !== undefined && b !== undefined && c !== undefined);

const BASE: Manifest = {
  ...first(),
  storageClasses: [{ name: "fast", disk: "pd-ssd", fileSystem: "ext4", integrity: true }],
  witnesses: [{ name: "w", key: DIGEST }],
  workloadPolicy: DIGEST,
  custodians: { threshold: 2, keys: [a, b] },
};

const { policy, groups, images, storageClasses } = BASE;

/** A change, the member that is told, and what it does there; the other way round it does the opposite. */
const CHANGES: readonly (readonly [Partial<Manifest>, string, "weaker" | "stronger" | "other"])[] =
  [
    [
      { policy: { ...policy, acceptRoots: ["amd", "provider", "none"] } },
      "policy.acceptRoots",
      "weaker",
    ],
    [
      { policy: { ...policy, admitVariants: ["gcp-sev-snp", "tdx"] } },
      "policy.admitVariants",
      "weaker",
    ],
    [
      { policy: { ...policy, acceptCompromised: { milan: "2027-01-01" } } },
      "policy.acceptCompromised",
      "weaker",
    ],
    [{ labRoots: [DIGEST] }, "labRoots", "weaker"],
    [{ workloadPolicy: "" }, "workloadPolicy", "weaker"],
    [{ witnesses: [] }, "witnesses.w", "weaker"],
    [{ custodians: { threshold: 1, keys: [a, b] } }, "custodians.threshold", "weaker"],
    [{ custodians: null }, "custodians", "stronger"],
    [
      {
        images: [...images, {
          variant: "gcp-sev-snp",
          version: "1.5.0",
          reference: "00".repeat(32),
        }],
      },
      "images.gcp-sev-snp 1.5.0",
      "weaker",
    ],
    [{ groups: groups.map((one) => ({ ...one, max: 9 })) }, "groups.worker.max", "weaker"],
    [
      { storageClasses: storageClasses.map((one) => ({ ...one, integrity: false })) },
      "storageClasses.fast.integrity",
      "weaker",
    ],
    [{ kubernetes: "1.35.0" }, "kubernetes", "other"],
    [{ owner: hexOf(OTHER.publicKey) }, "owner", "other"],
    [{ workloadPolicy: "00".repeat(32) }, "workloadPolicy", "other"],
    [{ custodians: { threshold: 2, keys: [a, c] } }, "custodians.keys", "other"],
    [
      { groups: groups.map((one) => ({ ...one, account: "x-project" })) },
      "groups.worker.account",
      "other",
    ],
    [{ groups: groups.slice(0, 1) }, "groups.worker", "other"],
    [{ notAfter: "2027-01-01T00:00:00Z" }, "notAfter", "other"],
  ];

const OPPOSITE = { weaker: "stronger", stronger: "weaker", other: "other" } as const;

Deno.test("diffManifests() tells what each change does, and the opposite the other way round", () => {
  for (const [change, key, wanted] of CHANGES) {
    const changed = { ...BASE, ...change };
    const find = (from: Manifest, to: Manifest) =>
      diffManifests(from, to, NOW).find((one) => one.key === key);
    const [there, back] = [find(BASE, changed), find(changed, BASE)];
    assert.equal(there?.change, wanted, key);
    assert.equal(back?.change, OPPOSITE[wanted], `${key} back`);
    for (const one of [there, back]) {
      assert.equal(one?.costs !== null, one?.change === "weaker", `${key}: ${one?.costs}`);
    }
    assert.deepEqual(diffManifests(changed, changed, NOW), []);
  }
});

Deno.test("diffManifests() tells the weaker first, and place and time in the chain never", () => {
  const changed = {
    ...BASE,
    sequence: 2,
    previous: DIGEST,
    issued: "2026-11-22T00:00:00Z",
    kubernetes: "1.35.0",
    workloadPolicy: "",
    custodians: null,
  };
  assert.deepEqual(diffManifests(BASE, changed, NOW).map(({ key, change }) => [key, change]), [
    ["workloadPolicy", "weaker"],
    ["kubernetes", "other"],
    ["custodians", "stronger"],
  ]);
});
