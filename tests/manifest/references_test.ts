/**
 * Reference values, policy and tickets of a manifest.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { SigningKey } from "../../src/core/signing_key.ts";
import { ManifestChain } from "../../src/manifest/chain.ts";
import { groupsFor, policyOf, standardsOf, variantsOf } from "../../src/manifest/policy.ts";
import { readReferences, referenceDigest } from "../../src/manifest/references.ts";
import { readTicket, signTicket } from "../../src/manifest/ticket.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import { signDsse } from "../../src/core/dsse.ts";
import { TICKET_TYPE } from "../../src/protocol/manifest.ts";
import { refused } from "../refused.ts";
import { DAY, hexOf, HOUR, INTENT, made, nextOf, NOW, OTHER, OWNER, RANDOM } from "./owner.ts";

const AT = { now: NOW };

/** A signed document of a release. */
async function release(
  value: string,
  key: SigningKey = OWNER,
  variant = "gcp-sev-snp",
): Promise<Uint8Array> {
  const registers = { sha256: { "4": [value.repeat(32)], "11": [value.repeat(32)] } };
  return await signReference({ version: 1, [variant]: { vtpm: { registers } } }, [key]);
}

function image(file: Uint8Array, version = "1.4.0") {
  return { variant: "gcp-sev-snp", version, reference: referenceDigest(file, "r.json") };
}

const OLD = await release("aa");
const NEW = await release("bb");
const BOTH = { ...INTENT, images: [image(OLD), image(NEW, "1.5.0")] };

Deno.test("readReferences() takes exactly the documents that the manifest names", async () => {
  const { chain } = await made(1, BOTH);
  const read = await readReferences(chain, [NEW, OLD]);
  assert.deepEqual([...read.keys()].sort(), BOTH.images.map(({ reference }) => reference).sort());
  assert.deepEqual(read.get(image(OLD).reference)?.file, OLD);
  await refused("manifest.reference_missing", readReferences(chain, [OLD]));
  await refused("manifest.reference_missing", readReferences(chain, []));
  await refused("manifest.reference_unknown", readReferences(chain, [OLD, NEW, NEW]));
  const third = await release("cc");
  await refused("manifest.reference_unknown", readReferences(chain, [OLD, NEW, third]));
});

Deno.test("readReferences() takes the word of nobody but the owner", async () => {
  const { chain } = await made(1, { ...INTENT, images: [image(OLD)] });
  await refused("dsse.key", readReferences(chain, [await release("aa", OTHER)]));
});

Deno.test("readReferences() takes what a former owner signed: the manifest names its digest", async () => {
  const { chain } = await made(1, { ...INTENT, images: [image(OLD)] });
  const handed = await chain.extend([await nextOf(chain, { owner: hexOf(OTHER.publicKey) })], AT);
  assert.equal((await readReferences(handed, [OLD])).size, 1);
  assert.equal((await readReferences(handed, [await release("aa", OTHER)])).size, 1);
});

Deno.test("readReferences() refuses a document without values for the variant", async () => {
  const other = await release("aa", OWNER, "qemu-vtpm");
  const empty = await signReference({ version: 1, "gcp-sev-snp": { vtpm: {} } }, [OWNER]);
  for (const file of [other, empty]) {
    const { chain } = await made(1, { ...INTENT, images: [image(file)] });
    await refused("manifest.reference_missing", readReferences(chain, [file]));
  }
});

Deno.test("standardsOf() gives each image with each account, the newest image first", async () => {
  const [control, worker] = INTENT.groups;
  assert.ok(control !== undefined && worker !== undefined);
  const groups = [control, { ...worker, account: "other-project" }];
  const { chain } = await made(1, { ...BOTH, groups });
  const references = await readReferences(chain, [NEW, OLD]);
  const standards = standardsOf(chain.newest, references, "gcp-sev-snp");
  assert.deepEqual(standards.map(({ account, version }) => [account, version]), [
    ["other-project", "1.5.0"],
    ["other-project", "1.4.0"],
    ["my-project", "1.5.0"],
    ["my-project", "1.4.0"],
  ]);
  assert.deepEqual(standards[0]?.policy["gcp-sev-snp"], { project: "other-project" });
  assert.deepEqual(standardsOf(chain.newest, references, "tdx"), []);
  assert.deepEqual(variantsOf(chain.newest), ["gcp-sev-snp"]);
});

Deno.test("policyOf() adds the account to what the policy says, and nothing where none is demanded", async () => {
  const section = { vtpm: { maxResets: null } };
  const { newest } = (await made(1)).chain;
  const manifest = { ...newest, policy: { ...newest.policy, "gcp-sev-snp": section } };
  const policy = policyOf(manifest, "gcp-sev-snp", "my-project");
  assert.deepEqual(policy["gcp-sev-snp"], { ...section, project: "my-project" });
  assert.equal(policyOf(newest, "gcp-sev-snp", ""), newest.policy);
  assert.equal(policyOf(newest, "tdx", "x"), newest.policy);
});

Deno.test("groupsFor() assigns by variant and account, both", async () => {
  const { newest } = (await made(1)).chain;
  const groups = (variant: string, account: string) =>
    groupsFor(newest, { variant, account }).map(({ name }) => name);
  assert.deepEqual(groups("gcp-sev-snp", "my-project"), ["control-plane", "worker"]);
  assert.deepEqual(groups("gcp-sev-snp", "other"), []);
  assert.deepEqual(groups("gcp-sev-snp", ""), []);
  assert.deepEqual(groups("tdx", "my-project"), []);
});

Deno.test("a ticket is the owner's, of this cluster, for a group of control planes, for a time", async () => {
  const { chain, clusterId } = await made(1);
  const times = { issued: NOW, notAfter: new Date(NOW.getTime() + HOUR) };
  const wanted = { clusterId, group: "control-plane", ...times };
  const ticket = (change: object = {}, key = OWNER) =>
    signTicket({ ...wanted, ...change }, key, RANDOM);
  const read = await readTicket(await ticket(), chain, NOW);
  assert.deepEqual(read, {
    v: 1,
    clusterId,
    role: "control-plane",
    group: "control-plane",
    id: "7a".repeat(32),
    issued: "2026-11-21T12:00:00Z",
    notAfter: "2026-11-21T13:00:00Z",
  });
  const cases = [
    [await ticket({ clusterId: "00".repeat(32) }), NOW],
    [await ticket({ group: "worker" }), NOW],
    [await ticket({ group: "none" }), NOW],
    [await ticket({}, OTHER), NOW],
    [await ticket(), new Date(NOW.getTime() + HOUR + 1)],
    [await ticket(), new Date(NOW.getTime() - HOUR)],
    [chain.bytes[0] ?? new Uint8Array(), NOW],
  ] as const;
  for (const [file, now] of cases) await refused("manifest.ticket", readTicket(file, chain, now));
  const handed = await chain.extend([await nextOf(chain, { owner: hexOf(OTHER.publicKey) })], AT);
  await refused("manifest.ticket", readTicket(await ticket(), handed, NOW));
});

Deno.test("readTicket() refuses what is not of its one form", async () => {
  const { chain, clusterId } = await made(1);
  const whole = {
    clusterId,
    group: "control-plane",
    id: "7a".repeat(32),
    role: "control-plane",
    v: 1,
  };
  const times = { issued: "2026-11-21T12:00:00Z", notAfter: "2026-02-31T12:00:00Z" };
  const cases: readonly (readonly [string, string])[] = [
    ["{}", "manifest.ticket_malformed"],
    ["x", "manifest.ticket_malformed"],
    [JSON.stringify({ ...times, ...whole }), "manifest.ticket_malformed"],
    [
      `{"clusterId":"${clusterId}","group":"control-plane","id":"${whole.id}","issued":"${times.issued}","notAfter":"${times.notAfter}","role":"control-plane","v":1}`,
      "manifest.ticket",
    ],
  ];
  for (const [text, code] of cases) {
    const file = await signDsse(TICKET_TYPE, new TextEncoder().encode(text), [OWNER]);
    await refused(code, readTicket(file, chain, new Date(NOW.getTime() + 200 * DAY)));
  }
  const large = new Uint8Array(16 * 1024 + 1).fill(0x20);
  await refused("manifest.ticket_malformed", readTicket(large, chain, NOW));
});

Deno.test("openssl verifies the signature of a manifest by the owner's public key", async () => {
  const openssl = "/usr/bin/openssl";
  const missing = await Deno.stat(openssl).then(() => false, () => true);
  assert.ok(!missing, "openssl is not there");
  const { files: [file = new Uint8Array()] } = await made(1);
  const { payloadType, payload, signatures: [signature] } = JSON.parse(
    new TextDecoder().decode(file),
  );
  const bytes = Uint8Array.from(atob(payload), (c) => c.charCodeAt(0));
  const head = new TextEncoder().encode(
    `DSSEv1 ${payloadType.length} ${payloadType} ${bytes.length} `,
  );
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/message`, new Uint8Array([...head, ...bytes]));
    await Deno.writeFile(
      `${folder}/sig`,
      Uint8Array.from(atob(signature.sig), (c) => c.charCodeAt(0)),
    );
    await Deno.writeFile(`${folder}/owner.der`, OWNER.publicKey.spki);
    const ask = (message: string) =>
      new Deno.Command(openssl, {
        args: [
          "dgst",
          "-sha384",
          "-verify",
          "owner.der",
          "-keyform",
          "DER",
          "-signature",
          "sig",
          message,
        ],
        cwd: folder,
        stdout: "null",
        stderr: "null",
      }).output();
    assert.equal((await ask("message")).code, 0);
    await Deno.writeFile(`${folder}/bent`, new Uint8Array([...head, ...bytes, 0x20]));
    assert.notEqual((await ask("bent")).code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("reference values of a chain belong to its newest manifest", async () => {
  const { chain } = await made(1, { ...INTENT, images: [image(OLD)] });
  const next = await chain.extend([await nextOf(chain, { images: [image(NEW, "1.5.0")] })], AT);
  await refused("manifest.reference_unknown", readReferences(next, [OLD]));
  assert.equal((await readReferences(next, [NEW])).size, 1);
  assert.ok(next instanceof ManifestChain);
});
