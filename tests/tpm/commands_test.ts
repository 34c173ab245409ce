/**
 * Commands against a TPM in software.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, toHex } from "../../src/core/bytes.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import { password } from "../../src/evidence/tpm/device/authorization.ts";
import { listHandles, readBanks, readProperty } from "../../src/evidence/tpm/device/capability.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { entityOf } from "../../src/evidence/tpm/device/entity.ts";
import { readNv, readNvPublic, writeNv } from "../../src/evidence/tpm/device/nv.ts";
import { HANDLE } from "../../src/evidence/tpm/device/numbers.ts";
import {
  createObject,
  readPublic,
  withLoaded,
  withPrimary,
} from "../../src/evidence/tpm/device/objects.ts";
import {
  pcrPolicyDigest,
  policyDigest,
  policyPcr,
  policySecret,
} from "../../src/evidence/tpm/device/policy.ts";
import { quote } from "../../src/evidence/tpm/device/quote.ts";
import { TpmRefusedError } from "../../src/evidence/tpm/device/refused.ts";
import { extendRegister, readRegisters } from "../../src/evidence/tpm/device/registers.ts";
import {
  type PolicySession,
  withHmacSession,
  withPolicySession,
  withTrialSession,
} from "../../src/evidence/tpm/device/session.ts";
import { getRandom, readClock, startup } from "../../src/evidence/tpm/device/state.ts";
import { ATTESTATION_KEYS, STORAGE_KEY } from "../../src/evidence/tpm/device/templates.ts";
import { hash } from "../../src/evidence/tpm/hash.ts";
import { connected, testWithTpm, tpm2, withDevice, withSwtpm } from "./swtpm.ts";

const STORAGE = { hierarchy: "owner", template: STORAGE_KEY } as const;
const SELECTION = [{ bank: "sha256", registers: [11] }] as const;
const DIGEST = new Uint8Array(32).fill(7);

/** Handles of what is in the TPM and must be flushed. */
async function leftBehind(device: TpmDevice): Promise<readonly number[]> {
  return [
    ...await listHandles(device, "transient"),
    ...await listHandles(device, "session"),
  ];
}

testWithTpm(
  "a TPM that was started already is started, gives random bytes, and its clock runs",
  () =>
    withDevice(async (device) => {
      await startup(device);
      await startup(device);
      const [one, other] = [await getRandom(device, 100), await getRandom(device, 100)];
      const [before, after] = [await readClock(device), await readClock(device)];

      assert.deepEqual([one.length, other.length], [100, 100]);
      assert.notDeepEqual(one, other);
      assert.ok(BigInt(after.clock) >= BigInt(before.clock));
      assert.deepEqual([before.resetCount, before.restartCount, before.safe], [1, 0, true]);
      assert.equal(await readProperty(device, "manufacturer"), 0x49424d00, "IBM");
    }),
);

testWithTpm(
  "extendRegister() changes the banks that are named, as tpm2_pcrread sees it",
  () =>
    withSwtpm({}, async (tpm) => {
      const { banks, registers } = await connected(tpm, async (device) => {
        await extendRegister(device, 11, { sha256: DIGEST, sha384: new Uint8Array(48).fill(8) });
        const all = await readBanks(device);
        return { banks: all, ...await readRegisters(device, all) };
      });
      const value = (bank: string) =>
        toHex(registers.find((one) => one.bank === bank && one.register === 11)?.value ?? DIGEST);

      assert.deepEqual(banks.map(({ bank }) => bank), ["sha1", "sha256", "sha384", "sha512"]);
      assert.equal(registers.length, 4 * 24);
      assert.equal(
        value("sha256"),
        toHex(await hash("sha256", concat(new Uint8Array(32), DIGEST))),
      );
      assert.equal(value("sha512"), "00".repeat(64));
      const printed = await tpm2(tpm, "tpm2_pcrread sha256:11+sha384:11");
      for (const bank of ["sha256", "sha384"]) {
        assert.ok(printed.includes(`0x${value(bank).toUpperCase()}`), printed);
      }
    }),
);

testWithTpm(
  "objects are created, loaded and read back, and leave nothing in the TPM",
  () =>
    withDevice(async (device) => {
      await withPrimary(device, STORAGE, async (parent) => {
        const created = await createObject(device, parent, ATTESTATION_KEYS.ecc);
        await withLoaded(device, parent, created, async (key) => {
          const read = await readPublic(device, key.handle);
          assert.deepEqual([read.name, read.publicArea], [key.name, created.publicArea]);
          const options = { key, qualifyingData: DIGEST, selections: SELECTION };
          assert.equal((await quote(device, options)).hash, "sha256");
          assert.equal((await leftBehind(device)).length, 2);
        });
        const other = { ...created, privateArea: created.privateArea.map((byte) => byte ^ 1) };
        const loading = withLoaded(device, parent, other, () => Promise.resolve());
        await assert.rejects(loading, { code: "tpm.device_refused" });
      });
      assert.deepEqual(await leftBehind(device), []);
    }),
);

testWithTpm("what was made is flushed where its use fails", () =>
  withDevice(async (device) => {
    const broken = new Error("broken");
    const fail = () => Promise.reject(broken);
    const uses: readonly (() => Promise<void>)[] = [
      () => withPrimary(device, STORAGE, fail),
      () => withPrimary(device, STORAGE, () => withPolicySession(device, "sha256", fail)),
      () => withHmacSession(device, "sha256", new Uint8Array(), fail),
      () =>
        withPrimary(device, STORAGE, async (parent) => {
          const created = await createObject(device, parent, ATTESTATION_KEYS.ecc);
          await withLoaded(device, parent, created, fail);
        }),
    ];
    for (const use of uses) await assert.rejects(use, broken);
    assert.deepEqual(await leftBehind(device), []);
  }));

testWithTpm(
  "an HMAC session authorizes with the password that it keeps off the wire",
  () =>
    withDevice(async (device) => {
      const secret = new TextEncoder().encode("a password\0");
      const question = { qualifyingData: DIGEST, selections: SELECTION };
      await withPrimary(device, STORAGE, async (parent) => {
        const created = await createObject(device, parent, ATTESTATION_KEYS.ecc, { secret });
        await withLoaded(device, parent, created, async (key) => {
          const quoteBy = (given: Uint8Array) =>
            withHmacSession(device, "sha256", given, async (by) => {
              // Twice, since the nonces roll on.
              for (let i = 0; i < 2; i++) await quote(device, { ...question, key, by });
            });
          await quoteBy(secret);
          await assert.rejects(
            quoteBy(new Uint8Array(3)),
            (error) =>
              error instanceof TpmRefusedError && error.response.name === "TPM_RC_AUTH_FAIL",
          );
        });
      });
    }),
);

testWithTpm(
  "an answer that was changed on its way does not pass an HMAC session",
  () =>
    withDevice(async (device) => {
      const bent: TpmDevice = {
        ...device,
        transport: {
          async exchange(command) {
            const answer = await device.transport.exchange(command);
            const isQuote = toHex(command.subarray(6, 10)) === "00000158";
            // A byte of the name of the key that signed: nothing that marshalling looks at.
            return isQuote ? answer.map((byte, i) => i === 40 ? byte ^ 1 : byte) : answer;
          },
        },
      };
      const key = { hierarchy: "endorsement", template: ATTESTATION_KEYS.ecc } as const;
      const question = { qualifyingData: DIGEST, selections: SELECTION };
      const quoting = withPrimary(bent, key, (made) =>
        withHmacSession(
          bent,
          "sha256",
          new Uint8Array(),
          (by) => quote(bent, { ...question, key: made, by }),
        ));

      await assert.rejects(
        quoting,
        (error) =>
          error instanceof UnavailableError && error.code === "tpm.device_answer" &&
          /authorization 1 does not answer/.test(error.message),
      );
    }),
);

testWithTpm(
  "digests of policies are those that a trial session comes to",
  () =>
    withDevice(async (device) => {
      await extendRegister(device, 11, { sha256: DIGEST });
      const { registers } = await readRegisters(device, SELECTION);
      const digestOf = (put: (session: PolicySession) => Promise<void>) =>
        withTrialSession(device, "sha256", async (session) => {
          await put(session);
          return await policyDigest(device, session);
        });
      const pcrs = await digestOf((session) => policyPcr(device, session, SELECTION));
      const endorsement = entityOf(HANDLE.endorsement);
      const secret = await digestOf((session) => policySecret(device, session, endorsement));

      assert.deepEqual(pcrs, await pcrPolicyDigest("sha256", SELECTION, registers));
      assert.equal(
        toHex(secret),
        "837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa",
        "PolicyA of the EK Credential Profile",
      );
    }),
);

testWithTpm(
  "NV memory is described, written and read, in several parts, by index or by owner",
  () =>
    withSwtpm({}, async (tpm) => {
      const [own, owners] = [0x01800001, 0x01800002];
      await tpm2(tpm, `tpm2_nvdefine ${own} -s 2000 -a authread|authwrite -p secret`);
      await tpm2(tpm, `tpm2_nvdefine ${owners} -s 10 -a ownerread|ownerwrite`);
      const content = Uint8Array.from({ length: 2000 }, (_, i) => i);
      await connected(tpm, async (device) => {
        const by = password(new TextEncoder().encode("secret"));
        assert.equal((await readNvPublic(device, own)).size, 2000);
        await assert.rejects(
          readNv(device, own, { by }),
          (error) =>
            error instanceof TpmRefusedError && error.response.name === "TPM_RC_NV_UNINITIALIZED",
        );
        await writeNv(device, own, content, { by });
        await writeNv(device, owners, content.subarray(0, 10));

        assert.deepEqual(await readNv(device, own, { by }), content);
        assert.deepEqual(await readNv(device, owners), content.slice(0, 10));
        await assert.rejects(readNv(device, own), { code: "tpm.device_refused" });
        assert.deepEqual(await listHandles(device, "nv"), [own, owners]);
      });
    }),
);
