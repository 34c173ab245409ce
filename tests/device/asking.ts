/**
 * Asks the project's own verifier about what a node collected.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examineEnvelope, type Result, writeStatement } from "../../mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import type { NodeDevices } from "../../src/evidence/device/devices.ts";
import type { FilesByRole } from "../../src/evidence/files_by_role.ts";
import { collectEnvelope, issuerOf } from "../../src/evidence/issuers.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { readRegisters } from "../../src/evidence/tpm/device/registers.ts";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import { LAB_STATEMENT } from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import { shown } from "../result.ts";

/** The verifier's nonce. */
export const NONCE: Uint8Array = new Uint8Array(32).fill(0x5c);

/** What is asked about an envelope. */
export interface Question {
  /** The variant. */
  readonly variant: VariantId;
  /** Its section of the policy. */
  readonly section: object;
  /** The lab's roots, PEM. */
  readonly roots: string;
  /** What the verifier has beside. */
  readonly endorsements?: FilesByRole;
  /** What differs in the statement. */
  readonly said?: Partial<Statement>;
}

/** The statement of a question. */
export function statementOf({ variant, said }: Pick<Question, "variant" | "said">): Statement {
  return { ...LAB_STATEMENT, variant, ...said };
}

/** Lets a node collect. */
export function collect(
  devices: NodeDevices,
  question: Pick<Question, "variant" | "said">,
): Promise<Uint8Array> {
  const statement = writeStatement(statementOf(question));
  return collectEnvelope(issuerOf(question.variant), devices, statement, NONCE);
}

/** Asks about an envelope. */
export async function ask(envelope: Uint8Array, question: Question): Promise<Result> {
  const { variant, section, roots, endorsements = {} } = question;
  const { purpose, audience, clusterId, requestDigest } = statementOf(question);
  return await examineEnvelope(envelope, {
    variant,
    expect: {
      ...{ nonce: NONCE, purpose, audience, clusterId },
      ...(requestDigest === "" ? {} : { requestDigest }),
    },
    policy: { version: 1, allowLab: true, acceptRoots: ROOTS, [variant]: section },
    now: NOW,
    labRoots: [new TextEncoder().encode(roots)],
    endorsements,
  });
}

const ROOTS = ["amd", "intel", "paravisor", "provider", "none"];

/** Lets a node collect, and expects that its verifier trusts that as the lab's. */
export async function assertCollects(devices: NodeDevices, question: Question): Promise<Result> {
  const result = await ask(await collect(devices, question), question);
  assert.equal(result.verdict, "lab-trusted", shown(result));
  assert.equal(result.statement?.variant, question.variant);
  assert.equal(result.binding, "nonce");
  return result;
}

/** Registers that say what runs, as a policy pins them. */
export async function pinned(device: TpmDevice): Promise<object> {
  const selections = [{ bank: "sha256", registers: [4, 11] }] as const;
  const { registers } = await readRegisters(device, selections);
  const sha256 = Object.fromEntries(
    registers.map(({ register, value }) => [register, [toHex(value)]]),
  );
  return { registers: { sha256 } };
}

/** Expects that something was not to be had. */
export async function assertUnavailable(work: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof UnavailableError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}
