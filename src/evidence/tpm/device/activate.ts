/**
 * TPM2_ActivateCredential (Part 3 §12.5): the proof that two keys are in one TPM.
 *
 * @module
 */

import { password } from "./authorization.ts";
import { sized } from "./bytes_out.ts";
import { execute } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { type Entity, entityOf } from "./entity.ts";
import { HANDLE } from "./numbers.ts";
import { withPrimary } from "./objects.ts";
import { policySecret } from "./policy.ts";
import { rejectedOn } from "./refused.ts";
import { withPolicySession } from "./session.ts";
import { ENDORSEMENT_KEYS, type EndorsementKeyName } from "./templates.ts";

/** A credential, as `makeCredential` makes it. */
export interface Credential {
  /** Contents of TPM2B_ID_OBJECT: the secret, encrypted and authenticated. */
  readonly credentialBlob: Uint8Array;
  /** Contents of TPM2B_ENCRYPTED_SECRET: the seed of its keys, encrypted to the endorsement key. */
  readonly encryptedSecret: Uint8Array;
}

/** Names of the response codes of a credential for another key or another TPM. */
const NOT_OURS: readonly string[] = [
  "TPM_RC_INTEGRITY",
  "TPM_RC_VALUE",
  "TPM_RC_SIZE",
  "TPM_RC_ECC_POINT",
  "TPM_RC_INSUFFICIENT",
];

/**
 * Takes the secret out of a credential.
 *
 * @param device The TPM.
 * @param attestationKey The key that it was made for, in the TPM.
 * @param endorsementKey The key that it is encrypted to.
 * @param credential The credential.
 * @throws {RejectedError} `tpm.credential_integrity`
 */
export async function activateCredential(
  device: TpmDevice,
  attestationKey: Entity,
  endorsementKey: EndorsementKeyName,
  credential: Credential,
): Promise<Uint8Array<ArrayBuffer>> {
  const { template, use } = ENDORSEMENT_KEYS[endorsementKey];
  return await withPrimary(device, { hierarchy: "endorsement", template }, (key) => {
    if (use === "password") return activate(device, attestationKey, key, credential);
    return withPolicySession(device, "sha256", async (session) => {
      await policySecret(device, session, entityOf(HANDLE.endorsement));
      return await activate(device, attestationKey, key, credential, session);
    });
  });
}

function activate(
  device: TpmDevice,
  attestationKey: Entity,
  endorsementKey: Entity,
  { credentialBlob, encryptedSecret }: Credential,
  by = password(),
): Promise<Uint8Array<ArrayBuffer>> {
  const command = {
    name: "ActivateCredential",
    on: [attestationKey, endorsementKey],
    by: [password(), by],
    parameters: [sized(credentialBlob), sized(encryptedSecret)],
  } as const;
  return rejectedOn(execute(device, command, (answer) => answer.sized()), NOT_OURS, {
    code: "tpm.credential_integrity",
    message: "Cannot activate the credential: it is not for these keys, or was changed",
  });
}
