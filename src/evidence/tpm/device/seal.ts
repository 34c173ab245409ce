/**
 * Secrets that a TPM gives back only while registers have certain values.
 *
 * What is unsealed goes over the wire as it is: whoever listens between this
 * program and the TPM learns it.
 *
 * @module
 */

import type { Selection } from "../report.ts";
import { execute } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import type { Entity } from "./entity.ts";
import { type CreatedObject, createObject, withLoaded, withPrimary } from "./objects.ts";
import { pcrPolicyDigest, policyPcr } from "./policy.ts";
import { rejectedOn } from "./refused.ts";
import type { Register } from "./registers.ts";
import { withPolicySession } from "./session.ts";
import { sealedTemplate, STORAGE_KEY } from "./templates.ts";

/** Most bytes that a TPM seals (MAX_SYM_DATA). */
const MAX_SECRET_BYTES = 128;

/** Names of the response codes of a policy that does not hold. */
const UNSATISFIED: readonly string[] = ["TPM_RC_POLICY_FAIL", "TPM_RC_PCR_CHANGED"];

/** How that is told. */
const KEPT = {
  code: "tpm.policy_not_satisfied",
  message: "Cannot unseal: the registers have other values than those it was sealed to",
} as const;

/** The storage key of the owner's hierarchy. */
const STORAGE = { hierarchy: "owner", template: STORAGE_KEY } as const;

/**
 * Seals a secret to values of registers, under the storage key of the owner.
 *
 * @param device The TPM.
 * @param secret 1 to 128 bytes.
 * @param selections Registers.
 * @param values The values that they must have, in the order of the selection.
 * @returns The sealed secret, which only this TPM reads.
 * @throws {RangeError} where the secret has another length.
 */
export async function seal(
  device: TpmDevice,
  secret: Uint8Array,
  selections: readonly Selection[],
  values: readonly Register[],
): Promise<CreatedObject> {
  if (secret.length < 1 || secret.length > MAX_SECRET_BYTES) {
    throw new RangeError(
      `Cannot seal ${secret.length} bytes: a TPM takes 1 to ${MAX_SECRET_BYTES}`,
    );
  }
  const template = sealedTemplate(await pcrPolicyDigest("sha256", selections, values));
  return await withPrimary(
    device,
    STORAGE,
    (parent) => createObject(device, parent, template, { data: secret }),
  );
}

/**
 * Unseals a secret (Part 3 §12.7).
 *
 * @param device The TPM.
 * @param sealed What {@linkcode seal} gave.
 * @param selections The same registers.
 * @throws {RejectedError} `tpm.policy_not_satisfied`
 */
export async function unseal(
  device: TpmDevice,
  sealed: CreatedObject,
  selections: readonly Selection[],
): Promise<Uint8Array<ArrayBuffer>> {
  return await withPrimary(device, STORAGE, (parent) => {
    const ask = (object: Entity) => unsealLoaded(device, object, selections);
    return withLoaded(device, parent, sealed, ask);
  });
}

function unsealLoaded(
  device: TpmDevice,
  object: Entity,
  selections: readonly Selection[],
): Promise<Uint8Array<ArrayBuffer>> {
  return withPolicySession(device, "sha256", async (session) => {
    await policyPcr(device, session, selections);
    const command = { name: "Unseal", on: [object], by: [session] } as const;
    return await rejectedOn(
      execute(device, command, (answer) => answer.sized()),
      UNSATISFIED,
      KEPT,
    );
  });
}
