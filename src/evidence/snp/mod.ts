/**
 * AMD SEV-SNP: attestation reports signed by a VCEK or a VLEK.
 *
 * @module
 */

import type { FilesByRole, Technology } from "../evidence.ts";
import { FileTaker, refuseText } from "../files.ts";
import { appraise, REPORT_DATA_BYTES, rootOf } from "./appraise.ts";
import { SNP_CODES } from "./codes.ts";
import { snpCollateral } from "./collateral.ts";
import { snpItemOfKey } from "./items.ts";
import { type SnpPolicy, snpPolicy } from "./policy.ts";
import { SNP_PRODUCT_NAMES } from "./products.ts";
import type { SnpEvidence } from "./report.ts";
import { show } from "./show.ts";
import { VARIANTS } from "../variants/table.ts";
import { type SnpFiles, verify } from "./verify.ts";

export type { SnpCode } from "./codes.ts";
export type { GuestPolicyBit, PlatformBit, SnpPolicy, TcbFloor, TcbKind } from "./policy.ts";
export { type ProductStatus, productStatus, SNP_PRODUCTS, type SnpProduct } from "./products.ts";
export type {
  FirmwareVersion,
  GuestPolicy,
  PlatformInfo,
  RevocationList,
  SnpEvidence,
  SnpLeaf,
  SnpLine,
  SnpReport,
  Tcb,
  TcbComponent,
} from "./report.ts";
export type { SnpFiles } from "./verify.ts";

/** SEV-SNP as the rest of the program sees it. */
export const sevSnp: Technology<"sev-snp", SnpFiles, SnpEvidence, SnpPolicy> = {
  id: "sev-snp",
  command: "snp",
  title: "AMD SEV-SNP",
  trustedMeans: "Confidential",
  reportDataBytes: REPORT_DATA_BYTES,
  padsNonce: true,
  facts: VARIANTS["sev-snp"],
  references: [
    "measurements",
    "idKeyDigests",
    "authorKeyDigests",
    "minimumGuestSvn",
    "minimumTcb",
  ],
  launchData: ({ report }) => report.hostData,
  runtimeRegisters: () => null,
  productLines: SNP_PRODUCT_NAMES,
  files: [
    {
      role: "report",
      flag: "report",
      required: true,
      multiple: false,
      says: "attestation report, 1184 raw bytes",
    },
    {
      role: "leaf",
      flag: "leaf",
      required: true,
      multiple: false,
      says: "VCEK or VLEK certificate, PEM or DER",
    },
    {
      role: "chainAskArk",
      flag: "chain-ask-ark",
      required: true,
      multiple: false,
      says: "ASK (or ASVK) and ARK certificates, PEM or DER",
    },
    {
      role: "crls",
      flag: "crl",
      required: false,
      multiple: true,
      says: "revocation list of this product and form, PEM or DER",
    },
  ],
  flags: [
    {
      flag: "measurement",
      key: "measurements",
      value: "HEX",
      multiple: true,
      number: false,
      says: "accepted launch measurement, 48 bytes",
    },
    {
      flag: "vmpl",
      key: "vmpl",
      value: "LEVEL",
      multiple: true,
      number: true,
      says: "accepted privilege level, 0 to 3",
    },
  ],
  // In the order in which the engine does them: what stands before a refused step was established.
  checks: [
    {
      id: "snp.report",
      link: "evidence",
      title: "Report well formed",
      source: "AMD 56860 Table 23",
    },
    { id: "snp.root", link: "root", title: "Root key pinned", source: "AMD 57230 §4" },
    { id: "snp.chain", link: "chain", title: "Certificate chain", source: "AMD 57230 §3" },
    { id: "snp.leaf", link: "key", title: "Leaf well formed", source: "AMD 57230 §3.1" },
    {
      id: "snp.revocation",
      link: "chain",
      title: "Not revoked",
      source: "AMD 57230, RFC 5280 §6.3",
    },
    { id: "snp.leaf-kind", link: "key", title: "Leaf of the right kind", source: "AMD 57230 §3.1" },
    {
      id: "snp.validity",
      link: "chain",
      title: "Certificates in force",
      source: "RFC 5280 §4.1.2.5",
    },
    {
      id: "snp.signature",
      link: "evidence",
      title: "Report signature",
      source: "AMD 56860 §7.3, Table 139",
    },
    {
      id: "snp.leaf-binding",
      link: "key",
      title: "Leaf of this report",
      source: "AMD 57230 §3.1",
    },
  ],
  codes: SNP_CODES,
  policy: snpPolicy,
  proves: {
    yes: [
      {
        says: "an AMD processor signed this report",
        needs: ["snp.signature", "snp.chain", "snp.root", "snp.leaf-binding", "snp.product"],
        otherwise:
          "that an AMD processor signed this report: the policy accepts a line whose keys can be extracted, and whoever did so can claim all of the above",
      },
      {
        says: "AMD has not revoked the key, by the list that was given",
        needs: ["snp.revocation"],
        otherwise: "that the key is not revoked: no revocation list was given",
      },
      {
        says: "the processor encrypts this guest's memory and keeps the host from changing it",
        needs: ["snp.debug", "snp.migration", "snp.provisional-firmware", "snp.product"],
        otherwise:
          "that the host cannot read or change the guest's memory: the policy accepts debugging, migration, firmware that can be rolled back, or a compromised line",
      },
      {
        says: "the processor's firmware is at least the version that you demanded",
        needs: ["snp.minimum-tcb"],
        otherwise: "that the processor's firmware has no known holes: no minimum TCB was demanded",
      },
      {
        says: "what was loaded at launch is what you expected",
        needs: ["snp.measurement"],
        otherwise: "what was loaded at launch",
      },
      {
        says: "the report was made for your question",
        needs: ["snp.report-data"],
        otherwise: "that the report was made for your question",
      },
    ],
    no: [
      "that nothing broke in after the launch",
      "what runs beyond the launch digest, unless the launched code measures it",
      "protection from attacks on the memory bus, side channels or denial of service",
    ],
  },
  readFiles,
  verify,
  undone: ({ crls }) => crls === undefined || crls.length === 0 ? ["snp.revocation"] : [],
  root: rootOf,
  appraise,
  collateral: snpCollateral,
  itemOfKey: snpItemOfKey,
  show,
  portable: async () => (await import("./portable/mod.ts")).operations,
};

/** Most revocation lists: a chain needs one, and a product line has two. */
const MAX_CRLS = 4;

function readFiles(files: FilesByRole): SnpFiles {
  const taker = new FileTaker(files, "an SEV-SNP report");
  return {
    report: refuseText(taker.one("report"), "report"),
    leaf: taker.one("leaf"),
    chainAskArk: taker.one("chainAskArk"),
    crls: taker.several("crls", MAX_CRLS),
  };
}
