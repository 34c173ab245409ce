/**
 * The vTPM of Google's instances under the contract suite: as any TPM, but that
 * its key's certificate names an instance.
 *
 * @module
 */

import { pem } from "../../src/lab/pem.ts";
import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { Bend, Damage, Form, SignedField } from "./contract.ts";
import { bendsOfVtpmPolicy, sectionOf } from "./paravisor_tpm.ts";
import { tpmContract } from "./tpm.ts";

/** What comes of damaged files of it. */
export const GCE_VTPM_DAMAGE: Readonly<Record<string, Damage>> = {
  ...tpmContract.damage,
  attestationPb: {
    short: "input.wrong_kind",
    long: "input.wrong_kind",
    empty: "input.empty",
  },
};

/** What comes of damaged files of an endorsement. */
export const ENDORSEMENT_DAMAGE: Readonly<Record<string, Damage>> = {
  firmwareEndorsement: {
    short: "gce.endorsement_malformed",
    long: "gce.endorsement_malformed",
    empty: "input.empty",
  },
};

/** Whether a vector has the pieces one by one, a single quote among them. */
function isPlain({ files }: Vector): boolean {
  return files["tpmQuoteMsg"] instanceof Uint8Array;
}

/**
 * Its fields that signatures cover; containers and several quotes have tests of their own.
 *
 * @param vector The vector.
 */
export function gceVtpmFields(vector: Vector): readonly SignedField[] {
  return isPlain(vector) ? tpmContract.signed(vector) : [];
}

/**
 * Forms of its files.
 *
 * @param vector The vector.
 */
export function gceVtpmForms(vector: Vector): readonly Form[] {
  return isPlain(vector) ? tpmContract.forms(vector) : [];
}

/**
 * The signature behind an endorsement.
 *
 * @param vector The vector.
 */
export function endorsementFields(vector: Vector): readonly SignedField[] {
  if (vector.files["firmwareEndorsement"] === undefined) return [];
  const role = "firmwareEndorsement";
  const at = fileOf(vector, role).length - 16;
  const codes = ["gce.endorsement_signature"];
  return [{ role, field: "signature of the endorsement", at, length: 16, codes }];
}

/**
 * What a policy demands of the instance and the registers, and two certificates in one file.
 *
 * @param base The vector.
 * @param id Id of the variant.
 */
export function bendsOfGceVtpm(base: Vector, id: string): readonly Bend[] {
  const { project: _, ...unpinned } = { project: null, ...sectionOf(base, id) };
  const text = [fileOf(base, "akCert"), fileOf(base, "akCertIssuers")].map((der) =>
    pem("CERTIFICATE", der)
  );
  return [
    ...bendsOfVtpmPolicy(base, id),
    {
      what: "nobody named whose the instance must be",
      code: "gce.project_not_pinned",
      verdict: "platform-only",
      change: { section: unpinned },
    },
    {
      what: "two certificates in one file",
      code: "x509.count",
      change: { files: { akCert: new TextEncoder().encode(text.join("")) } },
    },
  ];
}
