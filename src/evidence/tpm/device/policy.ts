/**
 * Conditions of a policy: TPM2_PolicyPCR, TPM2_PolicySecret (Part 3 §23), and digests of policies.
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import { hash } from "../hash.ts";
import type { StrongHash } from "../report.ts";
import { type Authorization, password } from "./authorization.ts";
import { sized, u32 } from "./bytes_out.ts";
import { execute, nothing } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { type Entity, entityOf } from "./entity.ts";
import { COMMAND, DIGEST_BYTES } from "./numbers.ts";
import type { Register } from "./registers.ts";
import { selectionBytes } from "./selection.ts";
import type { PolicySession } from "./session.ts";
import type { Selection } from "../report.ts";

/**
 * Puts the condition into a session that registers have the values that they have now,
 * and keep them until the session is used.
 *
 * @param device The TPM.
 * @param session The session.
 * @param selections Registers.
 */
export async function policyPcr(
  device: TpmDevice,
  session: PolicySession,
  selections: readonly Selection[],
): Promise<void> {
  // An empty digest takes the values of now.
  const parameters = [sized(), selectionBytes(selections)];
  const on = [entityOf(session.handle)];
  await execute(device, { name: "PolicyPCR", on, parameters }, nothing);
}

/**
 * Puts the condition into a session that somebody knows the secret of an entity.
 *
 * @param device The TPM.
 * @param session The session.
 * @param entity The entity.
 * @param by Its authorization; default the empty password.
 */
export async function policySecret(
  device: TpmDevice,
  session: PolicySession,
  entity: Entity,
  by: Authorization = password(),
): Promise<void> {
  // Bound to no nonce, no command and no reference; it does not expire.
  const parameters = [sized(), sized(), sized(), u32(0)];
  const on = [entity, entityOf(session.handle)];
  await execute(device, { name: "PolicySecret", on, by: [by], parameters }, (answer) => {
    // A timeout and a ticket, both empty without expiration (Part 3 §23.4).
    answer.sized();
    answer.u16();
    answer.u32();
    answer.sized();
  });
}

/**
 * Digest of the conditions that stand in a session.
 *
 * @param device The TPM.
 * @param session The session.
 */
export function policyDigest(
  device: TpmDevice,
  session: PolicySession,
): Promise<Uint8Array<ArrayBuffer>> {
  const on = [entityOf(session.handle)];
  return execute(device, { name: "PolicyGetDigest", on }, (answer) => answer.sized());
}

/**
 * Digest of the policy that registers have some values, and of nothing else.
 *
 * @param algorithm Hash of the policy.
 * @param selections Registers.
 * @param values Their values, in the order of the selection.
 */
export async function pcrPolicyDigest(
  algorithm: StrongHash,
  selections: readonly Selection[],
  values: readonly Register[],
): Promise<Uint8Array<ArrayBuffer>> {
  const digest = await hash(algorithm, concat(...values.map(({ value }) => value)));
  const before = new Uint8Array(DIGEST_BYTES[algorithm]);
  const text = concat(before, u32(COMMAND.PolicyPCR), selectionBytes(selections), digest);
  return await hash(algorithm, text);
}
