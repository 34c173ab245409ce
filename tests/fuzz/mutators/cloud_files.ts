/**
 * Files that clouds add: HCL reports and runtime data, attestation documents of
 * Nitro, endorsements of firmware, instances in certificates, identity documents.
 *
 * @module
 */

import assert from "node:assert/strict";
import { equal, fromHex, toHex } from "../../../src/core/bytes.ts";
import type { HclReport, HclRuntime } from "../../../src/evidence/hcl/report.ts";
import { bentIdentity } from "../../bends/ec2_identity.ts";
import { bentInstance } from "../../bends/gce_instance.ts";
import { bentReport, bentRuntime } from "../../bends/hcl_report.ts";
import { bentEndorsement } from "../../portable/endorsement_steps.ts";
import { bentDocument } from "../../portable/nitro_steps.ts";
import type { Kind } from "../kind.ts";
import { holdsOf, operationKind } from "./operations.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Names of the hashes, as they are asked for. */
const HASHES = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" } as const;

/** Asserts that runtime data are hashed whole, by what did not read them. */
async function assertHashed(runtime: HclRuntime, data: Uint8Array): Promise<void> {
  const hash = new Uint8Array(
    await crypto.subtle.digest(HASHES[runtime.hashAlgorithm], new Uint8Array(data)),
  );
  assert.equal(runtime.hash, toHex(hash));
  assert.equal(runtime.bytes, data.length);
  const kids = runtime.keys.map(({ kid }) => kid);
  assert.equal(new Set(kids).size, kids.length, "no key is there twice");
}

/** Where hardware report and runtime data start, and where the latter's length is told. */
const AT = { hardware: 32, size: 1232, runtime: 1236 } as const;

/** HCL reports. */
export const hclReport: Kind = operationKind({
  id: "hcl",
  says: "HCL reports, field by field",
  make: (dice) => [["hcl_report", [bentReport(dice)]]],
  files: [0],
  holds: holdsOf<HclReport>("hcl_report", async ([file = new Uint8Array()], report) => {
    const hardware = fromHex(report.hardwareReport);
    assert.ok(equal(file.subarray(AT.hardware, AT.hardware + hardware.length), hardware));
    const size = new DataView(file.buffer, file.byteOffset).getUint32(AT.size, true);
    await assertHashed(report.runtime, file.subarray(AT.runtime, AT.runtime + size));
    assert.ok(file.subarray(AT.runtime + size).every((byte) => byte === 0), "nothing follows");
  }),
});

/** Runtime data. */
export const hclRuntime: Kind = operationKind({
  id: "hcl-runtime",
  says: "runtime data of Azure's paravisor",
  make: (dice) => {
    const hash = utf8(dice.pick(Object.keys(HASHES)));
    return [["hcl_runtime", [hash, utf8(bentRuntime(dice))]]];
  },
  files: [1],
  holds: holdsOf<HclRuntime>("hcl_runtime", async ([, data = new Uint8Array()], runtime) => {
    await assertHashed(runtime, data);
    assert.doesNotThrow(() => JSON.parse(new TextDecoder().decode(data)), "it is JSON");
  }),
});

/** Head of the tag that says COSE_Sign1 (RFC 9052 §2). */
const COSE_TAG = 0xd2;

/** Attestation documents. */
export const nitroDocument: Kind = operationKind({
  id: "nitro",
  says: "attestation documents of Nitro, signed again",
  make: async (dice) => (await bentDocument(dice)).questions,
  files: [0],
  // Of the message only the tag in front may come or go.
  signed: ([document = new Uint8Array()]) => document.subarray(document[0] === COSE_TAG ? 1 : 0),
});

/** Endorsements. */
export const endorsement: Kind = operationKind({
  id: "endorsement",
  says: "endorsements of Google's firmware, signed again",
  make: async (dice) => (await bentEndorsement(dice)).questions,
  files: [0],
});

const INSTANCE = "1.3.6.1.4.1.11129.2.1.21";

/** Certificates with an instance, and single extensions of them. */
export const gceInstance: Kind = operationKind({
  id: "instance",
  says: "certificates that say of which instance of Google they are",
  make: async (dice) => {
    const certificate = await bentInstance(dice);
    const id = dice.pick([INSTANCE, "2.5.29.15", "2.999.67.1", `${INSTANCE}.1`]);
    return [["gce_instance", [certificate]], ["x509_extension", [certificate, utf8(id)]]];
  },
  files: [0],
});

/** Identity documents. */
export const ec2Identity: Kind = operationKind({
  id: "identity",
  says: "identity documents of EC2 and their signatures",
  make: async (dice) => [["ec2_identity", await bentIdentity(dice)]],
  files: [0, 1, 1, 2],
  signed: ([document = new Uint8Array()]) => document,
});
