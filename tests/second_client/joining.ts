/**
 * The second client joins a cluster of this project's: `deno task second-client`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { SecondClient } from "./client.ts";
import { casemate, nextManifest, processOf, type RunningLab, withLab } from "./lab.ts";
import { withMachine } from "./machine.ts";
import { standBefore } from "./middle.ts";

const WORKER = { group: "worker" };

/** What the client says of evidence that was given to another question. */
const AUDIENCE = "statement.audience";

/** Life of a server's nonce, ms, and some room. */
const NONCE_LIFETIME = 61_000;

/** Boots a machine of a lab with the client on it, which knows nothing but the cluster's id and where to ask. */
async function withNode(
  lab: RunningLab,
  bootId: string,
  use: (client: SecondClient, url: string) => Promise<void>,
): Promise<void> {
  await withMachine(lab.maker, lab, async ({ tpm, tee, eventLog }) => {
    await using client = new SecondClient();
    const { clusterId, url, roots } = lab;
    await client.done("start", { tpm, tee, eventLog, clusterId, bootId });
    const { url: own } = await client.done("serve", {});
    await client.done("connect", { url, labRoots: roots });
    await use(client, String(own));
  });
}

/** What each bent request is refused with. */
const REFUSED: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  "other-audience": { code: "statement.audience_mismatch", status: 403 },
  "changed-body": { code: "statement.request_mismatch", status: 403 },
  "other-sender": { code: "channel.sealed", status: 403 },
  "other-purpose": { code: "statement.purpose_mismatch", status: 403 },
  "sealed-for-renewal": { code: "channel.sealed", status: 403 },
  "other-nonce": { code: "snp.report_data_mismatch", status: 403 },
  "invented-nonce": { code: "channel.nonce_unknown", status: 403 },
  "longer-nonce": { code: "channel.nonce_unknown", status: 403 },
  "other-statement": { code: "channel.stale_keys", status: 403 },
  "no-evidence": { code: "channel.evidence_missing", status: 403 },
  "further-member": { code: "protocol.malformed", status: 400 },
};

Deno.test("a node in Python joins, is verified by who asks, renews, and bends in vain", async (t) => {
  await withLab(async (lab) => {
    await t.step(
      "it joins as a worker, again in the same boot as the same, and renews",
      () =>
        withNode(lab, "b1".repeat(16), async (client, own) => {
          const first = await client.done("join", WORKER);
          assert.deepEqual([first["role"], first["nodeName"]], ["worker", "worker-1"]);
          const again = await client.done("join", WORKER);
          for (const member of ["role", "nodeName", "lease", "manifestSequence"]) {
            assert.deepEqual(again[member], first[member], member);
          }
          await client.done("become", { answer: first });
          const renewed = await client.done("renew", {});
          assert.deepEqual(renewed["leaseSeconds"], first["leaseSeconds"]);
          const peers: unknown = renewed["peers"];
          assert.ok(Array.isArray(peers));
          assert.deepEqual(peers.filter(({ role }) => role === "worker"), [
            { nodeName: "worker-1", role: "worker", url: own },
          ]);

          const urls = [lab.url, own].flatMap((url) => ["--url", url]);
          const verified = await casemate(
            ...["cluster", "verify", "--cluster-id", lab.clusterId, "--lab-root", lab.roots],
            ...[...urls, "-o", "json"],
          );
          assert.match(verified, /"nodeName":\s*"worker-1"/);

          await client.done("update", { manifest: await nextManifest(lab) });
          assert.equal((await client.done("renew", {}))["sequence"], 2);

          const late = await client.refused("bend", { name: "straight", ...WORKER });
          assert.deepEqual(late, { code: "statement.phase_refused", status: 403 });
        }),
    );

    await t.step(
      "it verifies batches; it refuses another cluster, old manifests and a man in the middle",
      () =>
        withMachine(lab.maker, lab, async ({ tpm, tee, folder }) => {
          await using client = new SecondClient();
          const boot = { tpm, tee, clusterId: lab.clusterId, bootId: "b3".repeat(16) };
          await client.done("start", boot);
          await client.done("serve", {});
          const ask = { url: lab.url, labRoots: lab.roots };
          const old = await client.refused("connect", { ...ask, minimumSequence: 3 });
          assert.equal(old.code, "manifest.rollback");

          await using middle = await standBefore(lab.url, folder);
          await client.done("connect", { ...ask, url: middle.url });
          const pinned = await client.refused("join", WORKER);
          assert.equal(pinned.code, "channel.leaf");
          // It saw neither evidence nor what would have been sealed.
          assert.deepEqual(middle.asked, ["/v1/manifest", "/v1/attest"]);

          await using leaf = await standBefore(lab.url, folder, "own-leaf");
          await client.done("connect", { ...ask, url: leaf.url });
          assert.equal((await client.refused("join", WORKER)).code, "statement.tlsSpki");
          await using replay = await standBefore(lab.url, folder, "first-again");
          await client.done("connect", { ...ask, url: replay.url });
          await client.done("attest", { session: "first" });
          assert.equal((await client.refused("attest", { session: "next" })).code, AUDIENCE);

          await client.done("connect", ask);
          // While the server's TPM is held, nothing is answered: what is asked meanwhile waits together.
          const held = await processOf(lab, "tpm/vm-1");
          Deno.kill(held, "SIGSTOP");
          try {
            await client.done("ask_many", { count: 12 });
          } finally {
            Deno.kill(held, "SIGCONT");
          }
          const { answered, batches } = await client.done("hear_many", {});
          assert.equal(answered, 12);
          assert.ok(Number(batches) > 1, `${batches} of 12 were answered together`);

          await client.done("join", { ...WORKER, session: "batch" });

          await client.done("foreign", { clusterId: "c3".repeat(32) });
          assert.equal((await client.refused("connect", ask)).code, "manifest.cluster");
        }),
    );

    await t.step(
      "each bent request is refused, and none of it stands in the way",
      () =>
        withNode(lab, "b2".repeat(16), async (client) => {
          await client.done("attest", { session: "old" });
          // Not before: the life of a nonce begins when the server gives it.
          const given = performance.now();
          for (const [name, expected] of Object.entries(REFUSED)) {
            assert.deepEqual(await client.refused("bend", { name, ...WORKER }), expected, name);
          }

          const refused: Readonly<Record<string, string>> = {
            "": "join.ambiguous",
            "storage": "join.group",
          };
          for (const [group, code] of Object.entries(refused)) {
            assert.deepEqual(await client.refused("join", { group }), { code, status: 403 });
          }

          await client.done("attest", { session: "once" });
          await client.done("join", { ...WORKER, session: "once" });
          const reused = await client.refused("join", { ...WORKER, session: "once" });
          assert.deepEqual(reused, { code: "channel.nonce_used", status: 403 });

          const left = NONCE_LIFETIME - (performance.now() - given);
          await new Promise((done) => setTimeout(done, Math.max(left, 0)));
          const stale = await client.refused("join", { ...WORKER, session: "old" });
          assert.deepEqual(stale, { code: "channel.nonce_expired", status: 403 });
        }),
    );
    await t.step(
      "it can be a control plane, and is told what one needs",
      () =>
        withNode(lab, "b4".repeat(16), async (client) => {
          const answer = await client.done("join", { group: "control-plane" });
          assert.deepEqual([answer["role"], answer["nodeName"]], [
            "control-plane",
            "control-plane-2",
          ]);
        }),
    );
  });
});
