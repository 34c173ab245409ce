/**
 * Enrolment of an attestation key, with a TPM that left its maker as swtpm_setup makes one.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../mod.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { createPortableEngine } from "../../src/core/portable/engine.ts";
import { toHex } from "../../src/core/bytes.ts";
import type { Engine } from "../../src/core/crypto.ts";
import { activateCredential } from "../../src/evidence/tpm/device/activate.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { type TpmObject, withPrimary } from "../../src/evidence/tpm/device/objects.ts";
import {
  ATTESTATION_KEYS,
  ENDORSEMENT_KEYS,
  type EndorsementKeyName,
} from "../../src/evidence/tpm/device/templates.ts";
import {
  type EnrolmentContext,
  type EnrolmentRequest,
  finishEnrolment,
  startEnrolment,
} from "../../src/evidence/tpm/enrol.ts";
import { issueTpmEvidence } from "../../src/evidence/tpm/issue.ts";
import { readNvCertificate } from "../../src/evidence/tpm/nv_certificate.ts";
import { operations } from "../../src/evidence/tpm/portable/mod.ts";
import { connected, deviceOver, testWithTpm, withSwtpm } from "./swtpm.ts";

/** Keys for which swtpm_setup leaves a certificate. */
const CERTIFIED: readonly EndorsementKeyName[] = ["rsa", "ecc-p384"];
const ENGINES: readonly Engine[] = [inlineEngine, createPortableEngine(operations)];
const NONCE = new TextEncoder().encode("enrolled?");

const { random } = deviceOver({ exchange: () => Promise.reject(new Error("no TPM")) });

function withKey<T>(
  device: TpmDevice,
  template: Uint8Array,
  use: (key: TpmObject) => Promise<T>,
): Promise<T> {
  return withPrimary(device, { hierarchy: "endorsement", template }, use);
}

/** What a machine sends that is to be enrolled. */
async function requestOf(
  device: TpmDevice,
  name: EndorsementKeyName,
  { akPublic, folder }: { readonly akPublic: Uint8Array; readonly folder: string },
): Promise<EnrolmentRequest> {
  const { template, certificateIndex } = ENDORSEMENT_KEYS[name];
  return {
    ekPublic: await withKey(device, template, (key) => Promise.resolve(key.publicArea)),
    ekCert: await readNvCertificate(device, certificateIndex),
    ekCertIssuers: [await Deno.readFile(`${folder}/issuercert.pem`)],
    akPublic,
  };
}

async function contextOf(folder: string): Promise<EnrolmentContext> {
  const root = await Deno.readFile(`${folder}/swtpm-localca-rootca-cert.pem`);
  return { now: new Date(), labRoots: [], ekCertRoots: [root], random };
}

testWithTpm(
  "an attestation key is enrolled through its TPM's certified endorsement key, and pinned from then on",
  () =>
    withSwtpm({ certified: true }, (tpm) =>
      connected(tpm, async (device) => {
        const context = await contextOf(tpm.folder);
        for (const name of CERTIFIED) {
          await withKey(device, ATTESTATION_KEYS.ecc, async (key) => {
            const { folder } = tpm;
            const request = await requestOf(device, name, { akPublic: key.publicArea, folder });
            for (const engine of ENGINES) {
              // What becomes of the buffers while the certificate is verified changes nothing.
              const mine = { ...request, ekPublic: request.ekPublic.slice() };
              const started = startEnrolment(engine, mine, context);
              mine.ekPublic.fill(0);
              const enrolment = await started;
              assert.match(enrolment.endorsement.identity?.manufacturer ?? "", /^id:/);
              const answer = await activateCredential(device, key, name, enrolment.credential);
              assert.equal(finishEnrolment(enrolment, answer), toHex(key.name), name);
              assert.throws(() => finishEnrolment(enrolment, answer.map((byte) => byte ^ 1)), {
                code: "tpm.enrolment_mismatch",
              });
              assert.throws(() => finishEnrolment(enrolment, new Uint8Array()), {
                code: "tpm.enrolment_mismatch",
              });
            }
          });
        }
        await pinned(device);
      })),
);

/** The Name that was enrolled is that of the key which quotes, and of no other. */
async function pinned(device: TpmDevice): Promise<void> {
  const { evidence } = await issueTpmEvidence(device, {
    qualifyingData: NONCE,
    selections: [{ bank: "sha256", registers: [0, 4, 11] }],
    key: { kind: "template", name: "ecc" },
  });
  const name = await withKey(
    device,
    ATTESTATION_KEYS.ecc,
    (key) => Promise.resolve(toHex(key.name)),
  );
  for (const [akName, kind] of [[name, "match"], [`000b${"00".repeat(32)}`, "mismatch"]] as const) {
    const { findings } = await examine({
      variant: "tpm",
      evidence,
      expect: { nonce: NONCE },
      policy: { version: 1, tpm: { akNames: [akName] } },
      now: new Date(),
    });
    assert.equal(findings.find(({ id }) => id === "tpm.ak-name")?.kind, kind);
  }
}

testWithTpm(
  "an enrolment is refused where certificate, keys or root do not belong together",
  () =>
    withSwtpm({ certified: true }, (tpm) =>
      connected(tpm, async (device) => {
        const { folder } = tpm;
        const context = await contextOf(folder);
        const akPublic = await withKey(
          device,
          ATTESTATION_KEYS.ecc,
          (key) => Promise.resolve(key.publicArea),
        );
        const right = await requestOf(device, "rsa", { akPublic, folder });
        const other = await requestOf(device, "ecc-p384", { akPublic, folder });
        const cases: readonly (readonly [string, Partial<EnrolmentRequest>])[] = [
          ["tpm.ak_key_mismatch", { ekPublic: other.ekPublic }],
          ["tpm.root_unknown", { ekCertIssuers: [] }],
          // An endorsement key decrypts, so it is none to quote with.
          ["tpm.public_attributes", { akPublic: right.ekPublic }],
        ];
        for (const engine of ENGINES) {
          for (const [code, change] of cases) {
            await assert.rejects(startEnrolment(engine, { ...right, ...change }, context), {
              code,
            });
          }
          await assert.rejects(startEnrolment(engine, right, { ...context, ekCertRoots: [] }), {
            code: "input.missing",
            message: /ek-cert-root/,
          });
        }
      })),
);
