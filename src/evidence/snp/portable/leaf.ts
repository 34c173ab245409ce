/**
 * VCEK and VLEK: the certificates of the keys that sign reports (57230 §3.1).
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import {
  type Certificate,
  MAX_CERTIFICATE_BYTES,
  readCertificate,
  summaryOf,
} from "../../../core/portable/certificate.ts";
import { readOnly, TAG } from "../../../core/portable/der.ts";
import { exactlyOne, type Place } from "../../../core/portable/encoding.ts";
import { findExtension } from "../../../core/portable/extensions.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import { readOr } from "../../../core/malformed.ts";
import { commonName } from "../../../core/portable/name.ts";
import { ia5Of, smallNumberOf } from "../../../core/portable/values.ts";
import type { SnpLeaf, Tcb } from "../report.ts";
import type { Line } from "../line.ts";
import { refuseSnp } from "./refuse.ts";
import { type Layout, tcbOf } from "../tcb_layout.ts";

/** Arc of all of AMD's extensions, and how it starts where a part is too large to be a number. */
const AMD_ARC = "1.3.6.1.4.1.3704.1";
const AMD_ARC_HEX = "#2b060104019c7801";

/** AMD's extensions of leaves. */
const AMD = {
  structVersion: `${AMD_ARC}.1`,
  productName: `${AMD_ARC}.2`,
  bootloader: `${AMD_ARC}.3.1`,
  tee: `${AMD_ARC}.3.2`,
  snp: `${AMD_ARC}.3.3`,
  spl4: `${AMD_ARC}.3.4`,
  spl5: `${AMD_ARC}.3.5`,
  spl6: `${AMD_ARC}.3.6`,
  spl7: `${AMD_ARC}.3.7`,
  microcode: `${AMD_ARC}.3.8`,
  fmc: `${AMD_ARC}.3.9`,
  hwid: `${AMD_ARC}.4`,
  cspId: `${AMD_ARC}.5`,
} as const;

/** Identifiers of AMD's extensions of leaves. */
export const LEAF_EXTENSIONS: readonly string[] = Object.values(AMD);

/** Highest structVersion that is known (Turin's leaves have 1). */
const MAX_STRUCT_VERSION = 1;

/** The two kinds of leaf: of one chip, or of a cloud provider. */
export type Form = SnpLeaf["form"];

/** Names that belong to a form. */
export const FORM_NAMES: Readonly<
  Record<Form, { readonly commonName: string; readonly issuer: string }>
> = {
  VCEK: { commonName: "SEV-VCEK", issuer: "ASK" },
  VLEK: { commonName: "SEV-VLEK", issuer: "ASVK" },
};

const FORMS: readonly Form[] = ["VCEK", "VLEK"];

/** Where a leaf is taken. */
export const LEAF_PLACE: Place = {
  name: "leaf",
  kind: "certificate",
  limit: MAX_CERTIFICATE_BYTES,
};

/**
 * The form that a leaf states.
 *
 * @param certificate The leaf.
 */
export function formOfLeaf(certificate: Certificate): Form | undefined {
  const name = commonName(certificate.subject);
  return FORMS.find((form) => FORM_NAMES[form].commonName === name);
}

/**
 * Reads a leaf for showing it, when its line is not established: the operation `snp_leaf`.
 *
 * @param parts The certificate, PEM or DER.
 * @throws {RejectedError} `snp.leaf_shape` where it is no leaf, `snp.leaf_extension`, `x509.*`
 * @throws {InputError} `input.*`
 */
export function snpLeaf(parts: readonly Uint8Array[]): SnpLeaf {
  const [file = new Uint8Array()] = argumentsOf(parts, 1);
  const certificate = readCertificate(exactlyOne(file, LEAF_PLACE), "leaf");
  const form = formOfLeaf(certificate);
  if (form === undefined) {
    throw refuseSnp("snp.leaf_shape", { expected: "common name SEV-VCEK or SEV-VLEK" });
  }
  const hasFmc = findExtension(certificate.extensions, AMD.fmc) !== undefined;
  return new LeafReader(certificate, form).read(hasFmc ? "turin" : "milan");
}

/**
 * Reads a leaf of a known line.
 *
 * @param certificate The leaf.
 * @param form Its form.
 * @param line The line of its root.
 * @throws {RejectedError} `snp.leaf_extension`: one is missing, unknown, has no
 * place in this form or line, or is not encoded as specified.
 */
export function readLeaf(certificate: Certificate, form: Form, line: Line): SnpLeaf {
  const reader = new LeafReader(certificate, form);
  const leaf = reader.read(line.layout);
  const bytes = leaf.hwid === null ? line.hwidBytes : leaf.hwid.length / 2;
  if (bytes === line.hwidBytes) return leaf;
  throw reader.refuse(AMD.hwid, "it has another length", {
    expected: `${line.hwidBytes} bytes on ${line.name}`,
    actual: `${bytes} bytes`,
  });
}

class LeafReader {
  readonly #certificate: Certificate;
  readonly #form: Form;

  constructor(certificate: Certificate, form: Form) {
    this.#certificate = certificate;
    this.#form = form;
  }

  read(layout: Layout): SnpLeaf {
    this.#checkKnown();
    const [hwid, cspId] = [this.#value(AMD.hwid), this.#text(AMD.cspId)];
    const isVcek = this.#form === "VCEK";
    const [wanted, other] = isVcek ? [hwid, cspId] : [cspId, hwid];
    const [wantedId, otherId] = isVcek ? [AMD.hwid, AMD.cspId] : [AMD.cspId, AMD.hwid];
    if (wanted === undefined) throw this.#missing(wantedId);
    if (other !== undefined) throw this.refuse(otherId, "it has no place in this certificate");
    const structVersion = this.#structVersion();
    const productName = this.#text(AMD.productName);
    if (productName === undefined) throw this.#missing(AMD.productName);
    return {
      form: this.#form,
      structVersion,
      productName,
      tcb: this.#tcb(layout),
      hwid: hwid === undefined ? null : toHex(hwid),
      cspId: cspId ?? null,
      certificate: summaryOf(this.#certificate),
    };
  }

  refuse(extension: string, reason: string, more: ErrorFields = {}): CasemateError {
    const fields = { certificate: this.#form, extension, reason, ...more };
    return refuseSnp("snp.leaf_extension", fields);
  }

  #missing(id: string): CasemateError {
    return this.refuse(id, "it is missing");
  }

  /** An extension of AMD's that is not known could be one more component of the TCB, which would then go unchecked. */
  #checkKnown(): void {
    const unknown = this.#certificate.extensions.find(({ id }) =>
      isAmd(id) && !LEAF_EXTENSIONS.includes(id)
    );
    if (unknown !== undefined) throw this.refuse(unknown.id, "it is not known");
  }

  #structVersion(): number {
    const version = this.#number(AMD.structVersion);
    if (version <= MAX_STRUCT_VERSION) return version;
    throw this.refuse(AMD.structVersion, "the version is not known", { actual: `${version}` });
  }

  /** The components; spl4 to spl7 stand for the reserved bytes and must be zero like these. Turin has the FMC in place of spl4. */
  #tcb(layout: Layout): Tcb {
    const isTurin = layout === "turin";
    const fmc = isTurin ? this.#number(AMD.fmc) : null;
    const absent = isTurin ? AMD.spl4 : AMD.fmc;
    if (this.#value(absent) !== undefined) {
      throw this.refuse(absent, "it has no place in this product line");
    }
    for (const id of [AMD.spl4, AMD.spl5, AMD.spl6, AMD.spl7]) {
      if (id !== absent && this.#number(id) !== 0) throw this.refuse(id, "it is not zero");
    }
    const [bootloader, tee] = [this.#number(AMD.bootloader), this.#number(AMD.tee)];
    const [snp, microcode] = [this.#number(AMD.snp), this.#number(AMD.microcode)];
    return tcbOf({ fmc, bootloader, tee, snp, microcode }, layout);
  }

  #value(id: string): Uint8Array | undefined {
    return findExtension(this.#certificate.extensions, id)?.value;
  }

  #number(id: string): number {
    const value = this.#value(id);
    if (value === undefined) throw this.#missing(id);
    return readOr(
      () => smallNumberOf(readOnly(value, TAG.integer, "the number"), 255),
      (reason) => this.refuse(id, reason),
    );
  }

  #text(id: string): string | undefined {
    const value = this.#value(id);
    if (value === undefined) return undefined;
    const text = readOr(
      () => ia5Of(readOnly(value, TAG.ia5String, "the text")),
      (reason) => this.refuse(id, reason),
    );
    if (text !== "" && !/\p{Cc}/u.test(text)) return text;
    throw this.refuse(id, "it is empty or not printable");
  }
}

function isAmd(id: string): boolean {
  return id === AMD_ARC || id.startsWith(`${AMD_ARC}.`) || id.startsWith(AMD_ARC_HEX);
}
