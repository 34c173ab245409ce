/**
 * The cases of SEV-SNP that `scripts/vectors/snp.ts` mints.
 *
 * @module
 */

import {
  addYears,
  AMD_OIDS,
  AMD_PSS,
  type AmdAuthority,
  basicConstraints,
  caSerials,
  dropExtension,
  LAB_MARK_OID,
  type LabLine,
  labName,
  type LeafForm,
  replaceExtension,
  rsaPss,
  type SnpBends,
} from "../../src/lab/mod.ts";
import type { Verdict } from "../../src/results/result.ts";
import { DAY, TIME } from "./source.ts";

/** Evidence that ends in `lab-trusted`. */
export interface Good {
  readonly name: string;
  readonly says: string;
  readonly line: LabLine;
  readonly form: LeafForm;
  readonly version: number;
  /** Keys of the policy beside the pinned measurement. */
  readonly policy?: Readonly<Record<string, unknown>>;
}

/** Milan is compromised: without this its evidence is at most platform-only. */
const MILAN = { acceptCompromised: { milan: "2026-12-31" } };

/** Each line in each form, and each version of the report. */
export const GOOD_CASES: readonly Good[] = [
  {
    name: "milan-vcek",
    says: "Milan, VCEK, report version 2",
    line: "Milan",
    form: "VCEK",
    version: 2,
    policy: MILAN,
  },
  {
    name: "milan-vlek",
    says: "Milan, VLEK, report version 3",
    line: "Milan",
    form: "VLEK",
    version: 3,
    policy: MILAN,
  },
  {
    name: "genoa-vcek",
    says: "Genoa, VCEK, report version 3",
    line: "Genoa",
    form: "VCEK",
    version: 3,
  },
  {
    name: "genoa-vlek",
    says: "Genoa, VLEK, report version 5",
    line: "Genoa",
    form: "VLEK",
    version: 5,
  },
  {
    name: "turin-vcek",
    says: "Turin, VCEK, report version 5",
    line: "Turin",
    form: "VCEK",
    version: 5,
  },
  {
    name: "turin-vlek",
    says: "Turin, VLEK, report version 2",
    line: "Turin",
    form: "VLEK",
    version: 2,
  },
];

/** Evidence with one thing wrong. */
export interface Bent {
  readonly name: string;
  readonly says: string;
  readonly verdict: Verdict;
  readonly code: string;
  /** Files that the bend is in. */
  readonly files: readonly string[];
  readonly bends: SnpBends;
  /** Whether the policy pins the measurement and says no more. */
  readonly barePolicy?: boolean;
}

const refused = (
  name: string,
  says: string,
  code: string,
  file: string,
  bends: SnpBends,
): Bent => ({
  name,
  says,
  verdict: "rejected",
  code,
  files: [file],
  bends,
});

const TCB = { fmc: null, bootloader: 10, tee: 0, snp: 23, microcode: 84 };

/** Good evidence under a policy that it does not meet. */
const MILAN_NOT_ACCEPTED: Bent = {
  name: "bent-milan-not-accepted",
  says: "Nobody accepts the compromised line",
  verdict: "platform-only",
  code: "snp.product_compromised",
  files: [],
  bends: {},
  barePolicy: true,
};

/**
 * Bent evidence, signed where it has to be.
 *
 * @param base Name of the good case that it is made from.
 * @param authority The lab.
 */
export function bentCases(base: string, authority: AmdAuthority): readonly Bent[] {
  if (base === "genoa-vcek") return [...ofCertificates(authority), ...ofReports()];
  return base === "milan-vcek" ? [MILAN_NOT_ACCEPTED] : [];
}

function ofCertificates({ VLEK }: AmdAuthority): readonly Bent[] {
  const salt = rsaPss({ ...AMD_PSS, saltLength: 32 });
  return [
    refused("bent-crl-revokes-ask", "The list revokes the ASK", "snp.revoked", "crl.der", {
      crl: { revoked: [{ serial: caSerials("Genoa").VCEK, at: TIME }] },
    }),
    refused(
      "bent-crl-without-end",
      "The list does not say when the next is due",
      "snp.crl_shape",
      "crl.der",
      {
        crl: { nextUpdate: null },
      },
    ),
    refused(
      "bent-leaf-unmarked",
      "The leaf lacks the lab mark",
      "snp.lab_extension_missing",
      "leaf.der",
      {
        leaf: (leaf) => ({ ...leaf, extensions: dropExtension(leaf.extensions, LAB_MARK_OID) }),
      },
    ),
    refused(
      "bent-leaf-salt",
      "The leaf is signed with 32 bytes of salt",
      "snp.chain_algorithm",
      "leaf.der",
      {
        leaf: { algorithm: salt },
      },
    ),
    refused("bent-leaf-name", "The leaf is named as a VLEK", "snp.leaf_shape", "leaf.der", {
      leaf: { subject: labName("SEV-VLEK") },
    }),
    refused(
      "bent-leaf-without-hwid",
      "The leaf lacks the hardware id",
      "snp.leaf_extension",
      "leaf.der",
      {
        leaf: (leaf) => ({ ...leaf, extensions: dropExtension(leaf.extensions, AMD_OIDS.hwid) }),
      },
    ),
    refused(
      "bent-leaf-expired",
      "The leaf expired yesterday",
      "snp.certificate_expired",
      "leaf.der",
      {
        leaf: { notBefore: addYears(TIME, -1), notAfter: new Date(TIME.getTime() - DAY) },
      },
    ),
    refused(
      "bent-leaf-tomorrow",
      "The leaf holds from tomorrow on",
      "snp.certificate_not_yet_valid",
      "leaf.der",
      {
        leaf: { notBefore: new Date(TIME.getTime() + DAY) },
      },
    ),
    refused(
      "bent-ask-no-authority",
      "The ASK may not issue certificates",
      "snp.chain_shape",
      "chain.der",
      {
        VCEK: (ask) => ({
          ...ask,
          extensions: replaceExtension(ask.extensions, basicConstraints(false)),
        }),
      },
    ),
    refused(
      "bent-root-again",
      "The root's key in another certificate",
      "snp.root_mismatch",
      "chain.der",
      {
        ARK: { serial: 7n },
      },
    ),
    {
      name: "bent-root-of-another",
      says: "The pinned root is not signed by itself",
      verdict: "rejected",
      code: "snp.ark_signature",
      files: ["chain.der", "root.der"],
      bends: { ARK: { signWith: VLEK.key } },
    },
  ];
}

function ofReports(): readonly Bent[] {
  const report = (name: string, says: string, code: string, fields: SnpBends["report"]): Bent =>
    refused(name, says, code, "report.bin", fields === undefined ? {} : { report: fields });
  return [
    report("bent-tcb", "The report claims another TCB than the leaf", "snp.tcb_mismatch", {
      reportedTcb: { ...TCB, microcode: 83 },
    }),
    report("bent-chip", "The report names another chip than the leaf", "snp.chip_id_mismatch", {
      chipId: new Uint8Array(64).fill(1),
    }),
    report("bent-debug", "The guest may be debugged", "snp.debug_allowed", { policy: 0xb0000n }),
    report("bent-migration", "The guest may be migrated", "snp.migration_allowed", {
      policy: 0x70000n,
    }),
    report("bent-tcb-order", "The committed TCB is above the current one", "snp.tcb_order", {
      committedTcb: { ...TCB, snp: 24 },
    }),
    report("bent-provisional", "The firmware is not committed", "snp.firmware_provisional", {
      currentTcb: { ...TCB, snp: 24 },
    }),
    {
      ...report("bent-chip-masked", "The host masks the chip id", "snp.chip_id_masked", {
        chipId: new Uint8Array(64),
      }),
      verdict: "platform-only",
    },
  ];
}
