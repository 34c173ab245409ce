/**
 * Credentials: ours to tpm2-tools, and theirs to us, for each kind of endorsement key.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import { RejectedError } from "../../src/core/errors.ts";
import { type Credential, makeCredential } from "../../src/evidence/tpm/credential.ts";
import { activateCredential } from "../../src/evidence/tpm/device/activate.ts";
import { FieldReader } from "../../src/evidence/tpm/device/bytes_in.ts";
import { sized, u32 } from "../../src/evidence/tpm/device/bytes_out.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { type TpmObject, withPrimary } from "../../src/evidence/tpm/device/objects.ts";
import {
  ATTESTATION_KEYS,
  ENDORSEMENT_KEYS,
  type EndorsementKeyName,
} from "../../src/evidence/tpm/device/templates.ts";
import {
  connected,
  deviceOver,
  type Swtpm,
  testWithTpm,
  tpm2,
  withDevice,
  withSwtpm,
} from "./swtpm.ts";

const SECRET = fromHex("c0ffee00".repeat(8));
const NAMES: readonly EndorsementKeyName[] = ["rsa", "ecc", "ecc-p384"];

const { random } = deviceOver({ exchange: () => Promise.reject(new Error("no TPM")) });

function endorsementKey(device: TpmDevice, name: EndorsementKeyName): Promise<TpmObject> {
  const { template } = ENDORSEMENT_KEYS[name];
  return withPrimary(device, { hierarchy: "endorsement", template }, (key) => Promise.resolve(key));
}

function withAttestationKey<T>(
  device: TpmDevice,
  use: (key: TpmObject) => Promise<T>,
): Promise<T> {
  return withPrimary(device, { hierarchy: "endorsement", template: ATTESTATION_KEYS.ecc }, use);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => i === at ? byte ^ 1 : byte);
}

/** File of tpm2-tools: magic, version, TPM2B_ID_OBJECT, TPM2B_ENCRYPTED_SECRET. */
function toFile({ credentialBlob, encryptedSecret }: Credential): Uint8Array {
  return concat(u32(0xbadcc0de), u32(1), sized(credentialBlob), sized(encryptedSecret));
}

function fromFile(file: Uint8Array): Credential {
  const reader = new FieldReader(file, (reason) => new Error(reason));
  assert.deepEqual([reader.u32(), reader.u32()], [0xbadcc0de, 1]);
  const credential = { credentialBlob: reader.sized(), encryptedSecret: reader.sized() };
  reader.end();
  return credential;
}

for (const name of NAMES) {
  testWithTpm(
    `makeCredential() for an endorsement key ${name} is activated by its TPM, and bent it is not`,
    () =>
      withDevice(async (device) => {
        const { publicArea } = await endorsementKey(device, name);
        await withAttestationKey(device, async (key) => {
          const made = await makeCredential(publicArea, key.name, SECRET, random);
          const another = await makeCredential(publicArea, flipped(key.name, 9), SECRET, random);
          const blob = made.credentialBlob;
          const bent = [
            ...[0, 10, blob.length - 1].map((at) => ({
              ...made,
              credentialBlob: flipped(blob, at),
            })),
            { ...made, credentialBlob: blob.subarray(0, -1) },
            another,
          ];

          assert.deepEqual(await activateCredential(device, key, name, made), SECRET);
          for (const credential of bent) {
            await assert.rejects(
              activateCredential(device, key, name, credential),
              (error) =>
                error instanceof RejectedError && error.code === "tpm.credential_integrity",
            );
          }
          const encryptedSecret = flipped(made.encryptedSecret, 20);
          await assert.rejects(activateCredential(device, key, name, { ...made, encryptedSecret }));
        });
      }),
  );

  testWithTpm(
    `tpm2_makecredential for an endorsement key ${name} is activated by us`,
    () =>
      withSwtpm({}, async (tpm) => {
        const { folder } = tpm;
        const names = await connected(tpm, async (device) => {
          const { publicArea } = await endorsementKey(device, name);
          await Deno.writeFile(`${folder}/ek.pub`, sized(publicArea));
          return await withAttestationKey(device, (key) => Promise.resolve(key.name));
        });
        await Deno.writeFile(`${folder}/secret`, SECRET);
        const line = `tpm2_makecredential -u ek.pub -s secret -n ${toHex(names)} -o credential`;
        await tpm2(tpm, line);
        const credential = fromFile(await Deno.readFile(`${folder}/credential`));

        const activated = await connected(tpm, (device) =>
          withAttestationKey(device, (key) =>
            activateCredential(device, key, name, credential)));
        assert.deepEqual(activated, SECRET);
      }),
  );
}

for (const kind of ["rsa", "ecc"]) {
  testWithTpm(
    `makeCredential() is activated by tpm2_activatecredential, endorsement key ${kind}`,
    () =>
      withSwtpm({}, async (tpm) => {
        await tpm2(tpm, `tpm2_createek -c ek.ctx -G ${kind} -u ek.pub`);
        await tpm2(tpm, "tpm2_flushcontext -t");
        await tpm2(tpm, "tpm2_createak -C ek.ctx -c ak.ctx -u ak.pub -n ak.name -G rsa");
        await tpm2(tpm, "tpm2_flushcontext -t");
        const [publicArea, name] = [await read(tpm, "ek.pub"), await read(tpm, "ak.name")];
        const made = await makeCredential(publicArea.subarray(2), name, SECRET, random);
        await Deno.writeFile(`${tpm.folder}/credential`, toFile(made));

        await tpm2(tpm, "tpm2_startauthsession --policy-session -S session.ctx");
        await tpm2(tpm, "tpm2_policysecret -S session.ctx -c e");
        const files = "-i credential -o activated";
        await tpm2(
          tpm,
          `tpm2_activatecredential -c ak.ctx -C ek.ctx -P session:session.ctx ${files}`,
        );
        assert.deepEqual(await read(tpm, "activated"), SECRET);
      }),
  );
}

function read({ folder }: Swtpm, name: string): Promise<Uint8Array> {
  return Deno.readFile(`${folder}/${name}`);
}
