/**
 * Verifies a bundle again.
 *
 * @module
 */

import { equal, fromBase64 } from "../core/bytes.ts";
import type { Engine } from "../core/crypto.ts";
import { type ErrorFields, RejectedError } from "../core/errors.ts";
import type { PublicKey } from "../core/signing_key.ts";
import type { Result } from "../results/result.ts";
import { examine } from "../verifier/examine.ts";
import type { AuditBundle } from "./bundle.ts";
import { type Difference, firstDifference } from "./first_difference.ts";
import { plainOf } from "./plain.ts";
import { requestIn } from "./request.ts";

/** What the reader knows beside the bundle; what is absent is the bundle's word. */
export interface Known {
  /** Moment for which to judge; absent is that of the bundle. */
  readonly at?: Date;
  /** Digest of the policy, hex. */
  readonly policyDigest?: string;
  /** Key of the owner, who signs reference values. */
  readonly owner?: PublicKey;
  /** The nonce that was asked with, hex. */
  readonly nonce?: string;
  /** Roots of a lab that is meant, DER or PEM as they were given to the verification; without them lab evidence is refused. */
  readonly labRoots?: readonly Uint8Array[];
}

/** A bundle that was verified again. */
export interface Confirmed {
  /** What came of it now. */
  readonly result: Result;
  /** Where that differs from the bundle's result; only of another moment it may. */
  readonly difference: Difference | null;
}

/**
 * Verifies the evidence of a bundle again, offline, and compares what comes of
 * it with the bundle's result, byte for byte in canonical JSON.
 *
 * Establishes that the evidence and the documents in the bundle come to its
 * result by this program. What the reader does not state in `known` remains the
 * word of who wrote the bundle.
 *
 * @param engine The WASM module, as this host starts it.
 * @param bundle The bundle.
 * @param known What the reader knows.
 * @param version Version of this Casemate, for the message.
 * @throws {RejectedError} `audit.differs`, `audit.policy`, `audit.nonce`, `audit.owner`, `audit.lab`
 * @throws {InputError} where the bundle holds what no verification takes.
 */
export async function confirmBundle(
  engine: Engine,
  bundle: AuditBundle,
  known: Known,
  version: string,
): Promise<Confirmed> {
  refuseForeignLab(bundle, known.labRoots ?? []);
  const result = await examine(engine, await requestIn(bundle, known.at, known.owner));
  const difference = firstDifference(plainOf(bundle.result), plainOf(result));
  if (difference !== null && known.at === undefined) throw differs(bundle, difference, version);
  refuseForeign(result, known);
  return { result, difference };
}

/** Who wrote a bundle could call any root a lab's and have it end in `lab-trusted`. */
function refuseForeignLab({ request }: AuditBundle, known: readonly Uint8Array[]): void {
  const foreign = request.labRoots.some((root) =>
    !known.some((one) => equal(one, fromBase64(root)))
  );
  if (!foreign) return;
  const message = known.length === 0
    ? "it is of a lab, and no lab is accepted"
    : "it is of another lab than the one that is accepted";
  throw refuse("audit.lab", message, {});
}

function refuseForeign({ digests, nonce }: Result, known: Known): void {
  if (known.policyDigest !== undefined && known.policyDigest !== digests.policy) {
    throw refuse("audit.policy", "its policy is another", {
      expected: known.policyDigest,
      actual: digests.policy,
    });
  }
  if (known.nonce !== undefined && known.nonce !== nonce) {
    throw refuse("audit.nonce", "it answers another question", {
      expected: known.nonce,
      actual: nonce ?? "no nonce",
    });
  }
}

function differs(
  { casemate }: AuditBundle,
  { path, before, after }: Difference,
  version: string,
): RejectedError {
  const by = casemate === version ? "" : `; it was written by ${casemate}, this is ${version}`;
  return refuse(
    "audit.differs",
    `its result differs at ${
      path === "" ? "all of it" : path
    }: it has ${before}, verified again it is ${after}${by}`,
    { path, expected: before, actual: after, casemate },
  );
}

function refuse(code: string, problem: string, fields: ErrorFields): RejectedError {
  return new RejectedError(`Cannot confirm the audit bundle: ${problem}`, { code, fields });
}
