/**
 * SEV-SNP under the contract suite.
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import { pem } from "../../src/lab/pem.ts";
import type { Vector } from "../vectors.ts";
import { edited, fileOf, vectorOf } from "./change.ts";
import type { Bend, Contract, Form, SignedField } from "./contract.ts";

const SIGNATURE = "snp.signature_mismatch";
const RESERVED = "snp.reserved_not_zero";

/** A field of the report (56860 Table 23); its bits are under the signature alone unless said. */
const field = (name: string, at: number, length: number, ...more: string[]): SignedField => ({
  role: "report",
  field: name,
  at,
  length,
  codes: [SIGNATURE, ...more],
});

const SIGNED: readonly SignedField[] = [
  field("VERSION", 0x000, 4, "snp.report_version", RESERVED, "snp.product_mismatch"),
  field("GUEST_SVN", 0x004, 4),
  field("POLICY", 0x008, 8, "snp.policy_malformed"),
  field("FAMILY_ID", 0x010, 16),
  field("IMAGE_ID", 0x020, 16),
  field("VMPL", 0x030, 4, RESERVED),
  field("SIGNATURE_ALGO", 0x034, 4, "snp.signature_algorithm"),
  field("CURRENT_TCB", 0x038, 8),
  field("PLATFORM_INFO", 0x040, 8),
  field("flags", 0x048, 4, RESERVED),
  field("reserved at 0x04c", 0x04c, 4, RESERVED),
  field("REPORT_DATA", 0x050, 64),
  field("MEASUREMENT", 0x090, 48),
  field("HOST_DATA", 0x0c0, 32),
  field("ID_KEY_DIGEST", 0x0e0, 48),
  field("AUTHOR_KEY_DIGEST", 0x110, 48),
  field("REPORT_ID", 0x140, 32),
  field("REPORT_ID_MA", 0x160, 32),
  field("REPORTED_TCB", 0x180, 8),
  field("CPUID", 0x188, 3, "snp.product_mismatch", RESERVED),
  field("reserved at 0x18b", 0x18b, 21, RESERVED),
  field("CHIP_ID", 0x1a0, 64),
  field("COMMITTED_TCB", 0x1e0, 8),
  field("current version", 0x1e8, 3),
  field("committed version", 0x1ec, 3),
  field("LAUNCH_TCB", 0x1f0, 8),
  field("LAUNCH_MIT_VECTOR", 0x1f8, 8, RESERVED),
  field("CURRENT_MIT_VECTOR", 0x200, 8, RESERVED),
  field("reserved at 0x208", 0x208, 152, RESERVED),
  field("R", 0x2a0, 48, "snp.signature_encoding"),
  field("S", 0x2e8, 48, "snp.signature_encoding"),
];

/** SEV-SNP. */
export const sevSnpContract: Contract = {
  signed: () => SIGNED,
  damage: {
    report: { short: "snp.report_length", long: "snp.report_length", empty: "snp.report_length" },
    leaf: { short: "x509.malformed", long: "x509.malformed", empty: "input.empty" },
    chainAskArk: { short: "x509.malformed", long: "x509.malformed", empty: "input.empty" },
    crls: { short: "x509.crl_malformed", long: "x509.crl_malformed", empty: "input.empty" },
  },
  together: [],
  forms: ofForm,
  expired: "snp.crl_expired",
  notYet: "snp.crl_not_yet_valid",
  otherNonce: "snp.report_data_mismatch",
  base: "genoa-vcek",
  bends: (base, vectors) => [
    ...ofReport(fileOf(base, "report")),
    ...ofCertificates(base),
    ...ofLists(base, vectors),
    ...ofPolicy(fileOf(base, "report")),
    chipsOverVlek(vectors),
  ],
  shown: [{
    what: "a table whose entry lies outside of it",
    bytes: concat(
      fromHex("8d75da6364e66445adc5f4b93be8accd"),
      Uint8Array.of(48, 0, 0, 0, 5, 0, 0, 0),
      new Uint8Array(24),
      new Uint8Array(4),
    ),
    code: "snp.certificate_table",
  }],
};

/** AMD's KDS hands certificates out as PEM, as DER and both ways. */
function ofForm({ files }: Vector): readonly Form[] {
  const leaf = pem("CERTIFICATE", fileOf({ files }, "leaf"));
  const chain = split(fileOf({ files }, "chainAskArk")).map((der) => pem("CERTIFICATE", der));
  const crl = pem("X509 CRL", fileOf({ files }, "crls"));
  const text = new TextEncoder();
  return [
    { what: "a leaf in PEM", files: { leaf: text.encode(leaf) } },
    { what: "a chain in PEM", files: { chainAskArk: text.encode(chain.join("")) } },
    { what: "a list in PEM", files: { crls: [text.encode(crl)] } },
  ];
}

/** Rules of the report that come before its signature. */
function ofReport(report: Uint8Array): readonly Bend[] {
  const bent = (
    what: string,
    code: string,
    at: number,
    change: (byte: number) => number,
  ): Bend => ({
    what,
    code,
    change: { files: { report: edited(report, at, change) } },
  });
  return [
    bent("version 6", "snp.report_version", 0x000, () => 6),
    bent("policy bit 17 zero", "snp.policy_malformed", 0x00a, (byte) => byte & ~2),
    bent("another algorithm", "snp.signature_algorithm", 0x034, () => 2),
    bent("chip key masked", "snp.unsigned", 0x048, (byte) => byte | 2),
    bent("key of the other form", "snp.key_type_mismatch", 0x048, (byte) => byte ^ 4),
    bent("reserved key", "snp.signing_key_unknown", 0x048, (byte) => byte | 8),
    bent("reserved byte set", RESERVED, 0x04c, () => 1),
    bent("processor of another line", "snp.product_mismatch", 0x189, () => 1),
    bent("byte above R set", "snp.signature_encoding", 0x2d0, () => 1),
    bent("measurement changed", SIGNATURE, 0x090, (byte) => byte ^ 1),
  ];
}

/** DER of a chain, taken apart: each certificate has a length of two bytes. */
function split(chain: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const end = 4 + (chain[2] ?? 0) * 256 + (chain[3] ?? 0);
  return [chain.subarray(0, end), chain.subarray(end)];
}

function ofCertificates(base: Vector): readonly Bend[] {
  const [ask, ark] = split(fileOf(base, "chainAskArk"));
  const flip = (der: Uint8Array): Uint8Array => edited(der, -1, (byte) => byte ^ 1);
  const chain = (what: string, code: string, ...parts: Uint8Array[]): Bend => ({
    what,
    code,
    change: { files: { chainAskArk: concat(...parts) } },
  });
  return [
    chain("ARK before ASK", "snp.chain_order", ark, ask),
    chain("ASK in the root's place", "snp.root_unknown", ask, ask),
    chain("root damaged", "snp.root_mismatch", ask, flip(ark)),
    chain("ASK damaged", "snp.ask_signature", flip(ask), ark),
    chain("root alone", "x509.count", ark),
    {
      what: "leaf damaged",
      code: "snp.leaf_signature",
      change: { files: { leaf: flip(fileOf(base, "leaf")) } },
    },
    { what: "no lab root", code: "snp.lab_on_vendor_path", change: { labRoots: [] } },
  ];
}

/** A VLEK names no chip, so the denied one may be behind it. */
function chipsOverVlek(vectors: ReadonlyMap<string, Vector>): Bend {
  const { files } = vectorOf(vectors, "genoa-vlek");
  const measurements = [toHex(fileOf({ files }, "report").subarray(0x90, 0xc0))];
  return {
    what: "a list of chips over a VLEK",
    code: "snp.chip_unnamed",
    change: { files, section: { measurements, denyChips: ["ee".repeat(64)] } },
  };
}

function ofLists(base: Vector, vectors: ReadonlyMap<string, Vector>): readonly Bend[] {
  const listOf = (name: string): Uint8Array => fileOf(vectorOf(vectors, name), "crls");
  const lists = (what: string, code: string, ...crls: Uint8Array[]): Bend => ({
    what,
    code,
    change: { files: { crls } },
  });
  const own = fileOf(base, "crls");
  return [
    { ...lists("no list", "snp.crl_missing"), verdict: "unavailable" },
    lists("list damaged", "snp.crl_signature", edited(own, -1, (byte) => byte ^ 1)),
    lists("list of another line", "snp.crl_issuer", listOf("milan-vcek")),
    lists("list of the other form", "snp.crl_scope", listOf("genoa-vlek")),
    lists("second list of the other form", "snp.crl_scope", own, listOf("genoa-vlek")),
    { what: "after the next list is due", code: "snp.crl_expired", change: { days: 400 } },
    { what: "before the list was issued", code: "snp.crl_not_yet_valid", change: { days: -1 } },
  ];
}

/** Demands that the base does not meet, each beside the pinned measurement. */
function ofPolicy(report: Uint8Array): readonly Bend[] {
  const measurements = [toHex(report.subarray(0x90, 0xc0))];
  const chip = toHex(report.subarray(0x1a0, 0x1e0));
  const demands: readonly (readonly [code: string, section: Readonly<Record<string, unknown>>])[] =
    [
      ["snp.measurement_mismatch", { measurements: ["ee".repeat(48)] }],
      ["snp.host_data_mismatch", { hostData: ["ee".repeat(32)] }],
      ["snp.id_key_mismatch", { idKeyDigests: ["ee".repeat(48)] }],
      ["snp.author_key_mismatch", { authorKeyDigests: ["00".repeat(48)] }],
      ["snp.guest_svn_too_low", { minimumGuestSvn: 1 }],
      ["snp.smt_refused", { smt: "forbid" }],
      ["snp.single_socket_required", { singleSocket: "require" }],
      ["snp.abi_too_low", { minimumAbi: "1.55" }],
      ["snp.guest_policy", { guestPolicy: { ciphertextHidingDram: true } }],
      ["snp.platform_info", { platformInfo: { tsmeEnabled: true } }],
      ["snp.vmpl", { vmpl: [1, 2, 3] }],
      ["snp.tcb_too_low", { minimumTcb: { genoa: { launch: { snp: 24 } } } }],
      ["snp.tcb_floor_missing", { minimumTcb: { turin: { reported: { fmc: 1 } } } }],
      ["snp.chip_not_allowed", { allowChips: ["ee".repeat(64)] }],
      ["snp.chip_denied", { denyChips: [chip] }],
    ];
  return [
    ...demands.map(([code, section]): Bend => ({
      what: `a policy with ${Object.keys(section).join()}`,
      code,
      change: { section: { measurements, ...section } },
    })),
    {
      what: "no measurement pinned",
      code: "snp.measurement_not_pinned",
      verdict: "platform-only",
      change: { section: {} },
    },
  ];
}
