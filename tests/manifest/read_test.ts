/**
 * Manifests as bytes: one form, no contradictions.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { toHex } from "../../src/core/bytes.ts";
import { signDsse } from "../../src/core/dsse.ts";
import { generateSigningKey } from "../../src/core/signing_key.ts";
import { ManifestChain } from "../../src/manifest/chain.ts";
import { firstManifest, intentOf, signManifest } from "../../src/manifest/create.ts";
import { canonicalManifest, manifestIn, readManifest } from "../../src/manifest/read.ts";
import { type Manifest, MANIFEST_TYPE } from "../../src/protocol/manifest.ts";
import { refused } from "../refused.ts";
import {
  CUSTODIANS,
  DIGEST,
  first,
  hexOf,
  INTENT,
  made,
  NOW,
  OWNER,
  RANDOM,
  TIMES,
  WITH_CUSTODIANS,
} from "./owner.ts";

const TEXT = new TextDecoder().decode(canonicalManifest(first(WITH_CUSTODIANS)));

function read(text: string): Manifest {
  return manifestIn(new TextEncoder().encode(text), "m.json");
}

Deno.test("manifestIn() reads what canonicalManifest() writes", () => {
  assert.deepEqual(read(TEXT), first(WITH_CUSTODIANS));
  assert.deepEqual(intentOf(first(WITH_CUSTODIANS)), WITH_CUSTODIANS);
});

Deno.test("manifestIn() refuses every second form of the same manifest", () => {
  const value: Record<string, unknown> = JSON.parse(TEXT);
  const backwards = Object.fromEntries(Object.entries(value).reverse());
  const second = [
    ` ${TEXT}`,
    `${TEXT}\n`,
    JSON.stringify(value, null, 1),
    JSON.stringify(backwards),
    TEXT.replace('"sequence":1', '"sequence":1.0'),
    TEXT.replace('"v":1', '"v":1e0'),
    TEXT.replace("wireguard-strict", "wireguard\\u002dstrict"),
  ];
  for (const text of second) {
    assert.notEqual(text, TEXT);
    assert.throws(() => read(text), { code: "manifest.not_canonical" }, text.slice(0, 60));
  }
});

Deno.test("manifestIn() refuses repeated, missing and unknown members, and capital hex", () => {
  const owner = first().owner;
  const bad = [
    "",
    "null",
    "[]",
    TEXT.slice(0, -1),
    TEXT.replace('"v":1', '"v":1,"v":1'),
    TEXT.replace('"v":1', '"v":2'),
    TEXT.replace('"sequence":1', '"sequence":0'),
    TEXT.replace('"sequence":1', '"sequence":9007199254740992'),
    TEXT.replace('"network":"wireguard-strict",', ""),
    TEXT.replace('"network"', '"netwrok"'),
    TEXT.replace('"v":1', '"v":1,"w":1'),
    TEXT.replace(owner, owner.toUpperCase()),
    TEXT.replace(DIGEST, DIGEST.toUpperCase()),
  ];
  for (const text of bad) {
    assert.notEqual(text, TEXT);
    assert.throws(() => read(text), { code: "manifest.malformed" }, text.slice(0, 60));
  }
  assert.throws(() => manifestIn(Uint8Array.of(0x7b, 0xff, 0x7d), "m.json"), {
    code: "manifest.malformed",
  });
});

/** What contradicts itself, and the member that the error names. */
const CONTRADICTIONS: readonly (readonly [Partial<Manifest>, string])[] = [
  [{ previous: DIGEST }, "previous"],
  [{ sequence: 2 }, "previous"],
  [{ issued: "2026-02-31T00:00:00Z" }, "issued"],
  [{ notAfter: "2026-12-01T29:00:00Z" }, "notAfter"],
  [{ groups: [] }, "groups"],
  [{ groups: INTENT.groups.slice(1) }, "groups"],
  [{ groups: [...INTENT.groups, ...INTENT.groups] }, "groups[2].name"],
  [{ groups: INTENT.groups.map((one) => ({ ...one, min: 9 })) }, "groups[0].min"],
  [{ groups: INTENT.groups.map((one) => ({ ...one, name: "-a" })) }, "groups[0].name"],
  [{ groups: INTENT.groups.map((one) => ({ ...one, name: "a".repeat(51) })) }, "groups[0].name"],
  [{ groups: INTENT.groups.map((one) => ({ ...one, account: "" })) }, "groups[0].account"],
  [{ groups: INTENT.groups.map((one) => ({ ...one, account: "NO" })) }, "groups[0].account"],
  [
    { groups: INTENT.groups.map((one) => ({ ...one, variant: "tdx", account: "" })) },
    "groups[0].variant",
  ],
  [{ policy: { version: 1 } }, "policy.admitVariants"],
  [{ policy: { ...INTENT.policy, acceptRoot: ["amd"] } }, "policy"],
  [{ policy: { ...INTENT.policy, acceptRoots: ["lab"] } }, "policy"],
  [
    { policy: { ...INTENT.policy, "gcp-sev-snp": { project: "other" } } },
    "policy.gcp-sev-snp.project",
  ],
  [{ policy: { ...INTENT.policy, admitVariants: ["gcp-sev-snp", "tdx"] }, images: [] }, "images"],
  [
    { images: [...INTENT.images, { variant: "tdx", version: "1", reference: DIGEST }] },
    "images[1].variant",
  ],
  [{ images: [...INTENT.images, ...INTENT.images] }, "images[1].reference"],
  [{ labRoots: [] }, "labRoots"],
  [{ kubernetes: "latest" }, "kubernetes"],
  [{ custodians: { threshold: 2, keys: [hexOf(OWNER.publicKey)] } }, "custodians.threshold"],
  [
    {
      custodians: {
        threshold: 1,
        keys: [CUSTODIANS[0], CUSTODIANS[0]].map(({ publicKey }) => hexOf(publicKey)),
      },
    },
    "custodians.keys",
  ],
  [
    { witnesses: [{ name: "w", key: DIGEST }, { name: "w", key: "00".repeat(32) }] },
    "witnesses[1].name",
  ],
  [
    { witnesses: [{ name: "w", key: DIGEST }, { name: "x", key: DIGEST }] },
    "witnesses[1].key",
  ],
];

Deno.test("manifestIn() refuses members that contradict each other, and names the one", () => {
  for (const [change, key] of CONTRADICTIONS) {
    const bytes = canonicalManifest({ ...first(), ...change });
    assert.throws(() => manifestIn(bytes, "m.json"), (error: unknown) => {
      assert.ok(error instanceof Error && "code" in error && "fields" in error);
      assert.equal(error.code, "manifest.malformed", error.message);
      assert.deepEqual(error.fields, { file: "m.json", key }, error.message);
      return true;
    });
  }
});

Deno.test("firstManifest() makes nothing that no reader takes, and takes keys of P-384 alone", async () => {
  const wrong = { ...INTENT, groups: [] };
  const terms = { owner: OWNER.publicKey, random: RANDOM, ...TIMES };
  assert.throws(() => firstManifest(wrong, terms), { code: "manifest.malformed" });
  const { publicKey } = await generateSigningKey("P-256");
  assert.throws(() => firstManifest(INTENT, { ...terms, owner: publicKey }), {
    code: "key.wrong_kind",
  });
  await refused("manifest.malformed", signManifest({ ...first(), groups: [] }, [OWNER]));
});

Deno.test("readManifest() refuses an owner's key that is none", async () => {
  const owner = `${first().owner.slice(0, -192)}${"11".repeat(96)}`;
  const payload = canonicalManifest({ ...first(), owner });
  const file = await signDsse(MANIFEST_TYPE, payload, [OWNER]);
  await refused("manifest.malformed", readManifest(file, "m.json"));
});

Deno.test("readManifest() refuses what is larger than a manifest can be", async () => {
  const [file = new Uint8Array()] = (await made(1)).files;
  const padded = new Uint8Array(128 * 1024 + 1).fill(0x20);
  padded.set(file);
  await refused("input.too_large", readManifest(padded, "m.json"));
});

Deno.test("no byte of a signed manifest can change unseen", async () => {
  const { clusterId, files: [file = new Uint8Array()], chain } = await made(1);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: file.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const bent = file.slice();
        bent[at] = (bent[at] ?? 0) ^ flip;
        const read = await ManifestChain.verify([bent], clusterId, { now: NOW }).catch(() => null);
        // What is outside of payload and signature, as the name of the key, may differ; what counts may not.
        if (read !== null) assert.equal(read.newestDigest, chain.newestDigest);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("of any intents there is one digest each, and each reads back", async () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  const groups = fc.uniqueArray(word, { minLength: 1, maxLength: 6 });
  const digests = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(groups, fc.nat(99), async (names, patch) => {
      const [control] = INTENT.groups;
      const intent = {
        ...INTENT,
        kubernetes: `1.34.${patch}`,
        groups: names.flatMap((name) => control === undefined ? [] : [{ ...control, name }]),
      };
      const manifest = first(intent);
      assert.deepEqual(manifestIn(canonicalManifest(manifest), "m.json"), manifest);
      const digest = toHex(
        new Uint8Array(await crypto.subtle.digest("SHA-256", canonicalManifest(manifest))),
      );
      const key = JSON.stringify([names, patch]);
      assert.equal(digests.get(digest) ?? key, key);
      digests.set(digest, key);
    }),
    { numRuns: 60 },
  );
});
