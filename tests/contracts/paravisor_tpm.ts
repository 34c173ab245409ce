/**
 * The TPM of a paravisor under the contract suite: as any TPM, but that its key
 * stands in the runtime data.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Vector } from "../vectors.ts";
import { fileOf, vectorOf } from "./change.ts";
import type { Bend, Contract, Damage, Form, SignedField } from "./contract.ts";
import { tpmContract } from "./tpm.ts";

/** What comes of damaged files of it. */
export const PARAVISOR_TPM_DAMAGE: Readonly<Record<string, Damage>> = tpmContract.damage;

/**
 * Its fields that signatures cover.
 *
 * @param vector The vector.
 */
export function paravisorTpmFields(vector: Vector): readonly SignedField[] {
  const { files } = vector;
  const given = (role: string): boolean => files[role] !== undefined;
  // Only a given key has fields of its own.
  const stand = given("akPub") ? vector : { ...vector, files: { ...files, akPub: STAND_IN } };
  return tpmContract.signed(stand).filter(({ role }) => given(role));
}

/** Public area of an RSA key, as far as the table of fields looks into it. */
const STAND_IN: Uint8Array = concat(Uint8Array.of(0, 22, 0, 1, 0, 11), new Uint8Array(18));

/**
 * Forms of its files.
 *
 * @param vector The vector.
 */
export function paravisorTpmForms(vector: Vector): readonly Form[] {
  if (vector.files["akPub"] === undefined) return [];
  return tpmContract.forms(vector).filter(({ what }) => !what.includes("certificate"));
}

/**
 * Quotes and keys of others.
 *
 * @param vectors All of them.
 * @param other Name of another good one.
 */
export function bendsOfParavisorTpm(
  vectors: ReadonlyMap<string, Vector>,
  other: string,
): readonly Bend[] {
  const foreign = vectorOf(vectors, other);
  const quote = {
    tpmQuoteMsg: fileOf(foreign, "tpmQuoteMsg"),
    tpmQuoteSig: fileOf(foreign, "tpmQuoteSig"),
  };
  return [{
    what: "the quote of another VM",
    code: "tpm.signature_mismatch",
    change: { files: { ...quote, pcrs: fileOf(foreign, "pcrs"), akPub: undefined } },
  }];
}

/**
 * Sections of a policy that a vector does not meet.
 *
 * @param base The vector.
 * @param id Id of the variant.
 */
export function bendsOfVtpmPolicy(base: Vector, id: string): readonly Bend[] {
  const section = sectionOf(base, id);
  const { vtpm } = section;
  return [
    {
      what: "another value of PCR 11",
      code: "tpm.register_mismatch",
      change: {
        section: {
          ...section,
          vtpm: { ...vtpm, registers: { sha256: { 4: [OTHER], 11: [OTHER] } } },
        },
      },
    },
    {
      what: "no register pinned",
      code: "tpm.registers_not_pinned",
      verdict: "platform-only",
      change: { section: { ...section, vtpm: { notInLog: [15] } } },
    },
  ];
}

const OTHER = "ee".repeat(32);

/**
 * The section of a vector's policy.
 *
 * @param vector The vector.
 * @param id Id of the variant.
 */
export function sectionOf(
  { policy }: Vector,
  id: string,
): Readonly<Record<"tee" | "vtpm", Readonly<Record<string, unknown>>>> {
  return Object(Object(policy)[id]);
}

/** Validity and freshness of a vector with a statement, and of one without. */
export const OTHER_NONCE: Pick<Contract, "otherNonce" | "otherNonceOf"> = {
  otherNonce: "hcl.user_data_mismatch",
  otherNonceOf: ({ statement }) =>
    statement === undefined ? "tpm.qualifying_data_mismatch" : "hcl.user_data_mismatch",
};
