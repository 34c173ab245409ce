import assert from "node:assert/strict";
import { openEnvelope } from "../../mod.ts";
import { banksOfLog } from "../../src/evidence/tpm/log_banks.ts";
import type { NodeDevices } from "../../src/evidence/device/devices.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { withPrimary } from "../../src/evidence/tpm/device/objects.ts";
import { persist } from "../../src/evidence/tpm/device/persist.ts";
import { extendRegister } from "../../src/evidence/tpm/device/registers.ts";
import {
  describeBoot,
  describeLogHeader,
  digestOfEvent,
  gceInstanceExtension,
  LAB_INSTANCE,
  pem,
  writeAgileLog,
} from "../../src/lab/mod.ts";
import { testWithTpm, withDevice } from "../tpm/swtpm.ts";
import { tpmAuthority } from "../tpm_authority.ts";
import { ask, assertCollects, assertUnavailable, collect, pinned, statementOf } from "./asking.ts";
import { BARE, bootRegisters, certifyAk, extendPhase, listsOf, provideNv } from "./machines.ts";

const provider = await tpmAuthority("P-256");
const ROOTS = pem("CERTIFICATE", provider.root.certificate);

/** A node that booted and was admitted, and whose key the lab certified. */
async function nodeWith(tpm: TpmDevice): Promise<NodeDevices> {
  await bootRegisters(tpm);
  await extendPhase(tpm, statementOf({ variant: "qemu-vtpm" }));
  return { ...BARE, tpm, papers: await listsOf(provider) };
}

testWithTpm(
  "gcp-sev-es: what a node collects is what its verifier takes",
  () =>
    withDevice(async (tpm) => {
      const instance = gceInstanceExtension(LAB_INSTANCE);
      const { template, certificate } = await certifyAk(tpm, provider, "ecc", [instance]);
      // The place of the RSA key, as where the other has no certificate.
      await provideNv(tpm, 0x01c10001, template);
      await provideNv(tpm, 0x01c10000, certificate);
      await provideNv(tpm, 0x01c10003, template);
      await provideNv(tpm, 0x01c00100, provider.issuing.certificate);
      const devices = await nodeWith(tpm);
      const section = { project: LAB_INSTANCE.projectId, vtpm: await pinned(tpm) };
      await assertCollects(devices, { variant: "gcp-sev-es", section, roots: ROOTS });
    }),
);

testWithTpm(
  "azure-trusted-launch: what a node collects is what its verifier takes",
  () =>
    withDevice(async (tpm) => {
      const { template, certificate } = await certifyAk(tpm, provider, "ecc", []);
      await withPrimary(
        tpm,
        { hierarchy: "endorsement", template },
        (key) => persist(tpm, key, 0x81000003),
      );
      await provideNv(tpm, 0x01c101d0, certificate);
      await provideNv(tpm, 0x01c00100, provider.issuing.certificate);
      const devices = await nodeWith(tpm);
      const section = { vtpm: await pinned(tpm) };
      await assertCollects(devices, { variant: "azure-trusted-launch", section, roots: ROOTS });
    }),
);

testWithTpm(
  "azure-trusted-launch: without Azure's key the TPM is said to be none of its",
  () =>
    withDevice(async (tpm) => {
      const collected = collect({ ...BARE, tpm }, { variant: "azure-trusted-launch" });
      await assertUnavailable(collected, "device.platform_half");
    }),
);

for (const variant of ["qemu-vtpm", "openstack"] as const) {
  testWithTpm(
    `${variant}: what a node collects is what its verifier takes`,
    () =>
      withDevice(async (tpm) => {
        const { papers: _, ...devices } = await nodeWith(tpm);
        const section = { vtpm: await pinned(tpm) };
        const question = { variant, section, roots: ROOTS };
        const result = await ask(await collect(devices, question), question);
        // Nobody certifies the key, so that no root of a lab is in it either.
        assert.equal(result.verdict, "trusted", result.says);
        assert.deepEqual(result.roots, ["none"]);
        const measured = result.findings.find(({ id }) => id === "phase.measured");
        assert.equal(measured?.kind, "match");
      }),
  );
}

type LoggedBank = "sha256" | "sha384";

/** Boots as the lab's firmware would: what its log says is extended into the TPM. */
async function bootWithLog(tpm: TpmDevice, banks: readonly LoggedBank[]): Promise<Uint8Array> {
  const events = await describeBoot();
  for (const event of events.filter(({ hashed }) => hashed !== null)) {
    await extendRegister(tpm, event.register, {
      sha256: await digestOfEvent(event, "sha256"),
      sha384: await digestOfEvent(event, "sha384"),
    });
  }
  return await writeAgileLog(events, banks, describeLogHeader(banks));
}

/** Banks of the log, which are those that are quoted then. */
const LOGGED: readonly (readonly LoggedBank[])[] = [["sha256", "sha384"], ["sha256"]];

for (const banks of LOGGED) {
  testWithTpm(
    `qemu-vtpm: a log of ${banks.join(" and ")} goes along with a quote of them`,
    () =>
      withDevice(async (tpm) => {
        const folder = await Deno.makeTempDir();
        try {
          const path = `${folder}/binary_bios_measurements`;
          await Deno.writeFile(path, await bootWithLog(tpm, banks));
          await extendPhase(tpm, statementOf({ variant: "qemu-vtpm" }));
          const devices = { ...BARE, tpm, eventLogs: { tpm: path, td: null } };
          const section = { vtpm: { ...await pinned(tpm), eventLog: "require" } };
          const question = { variant: "qemu-vtpm", section, roots: ROOTS } as const;

          const envelope = await collect(devices, question);
          const result = await ask(envelope, question);
          assert.equal(result.verdict, "trusted", result.says);
          for (const id of ["logs.replay", "phase.measured"]) {
            assert.equal(result.findings.find((finding) => finding.id === id)?.kind, "match", id);
          }
          assert.deepEqual(Object.keys(registersIn(envelope)), banks);

          // Without one the quote still holds, for who does not demand it.
          const without = { ...devices, eventLogs: { tpm: `${folder}/none`, td: null } };
          const unlogged = await collect(without, question);
          assert.equal(openEnvelope(unlogged).files["eventLog"], undefined);
          assert.equal((await ask(unlogged, question)).code, "tpm.event_log_missing");
        } finally {
          await Deno.remove(folder, { recursive: true });
        }
      }),
  );
}

function registersIn(envelope: Uint8Array): object {
  const { pcrs } = openEnvelope(envelope).files;
  assert.ok(pcrs instanceof Uint8Array);
  return JSON.parse(new TextDecoder().decode(pcrs));
}

Deno.test("banksOfLog() knows banks by the first event, and none of what is no such log", async () => {
  const log = await writeAgileLog([], ["sha1", "sha384"]);
  assert.deepEqual(banksOfLog(log), ["sha1", "sha384"]);
  for (const length of [0, 31, 47, 59, 61]) {
    assert.deepEqual(banksOfLog(log.subarray(0, length)), [], `${length} bytes`);
  }
  assert.deepEqual(banksOfLog(log.subarray(0, 64)), ["sha1"]);
  const many = log.slice();
  new DataView(many.buffer).setUint32(56, 0xffffffff, true);
  assert.ok(banksOfLog(many).length <= 16);
});
