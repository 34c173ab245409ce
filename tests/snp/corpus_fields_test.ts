/**
 * Parsed fields against those that other parsers found in the same real evidence.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import {
  type FirmwareVersion,
  sevSnp,
  type SnpEvidence,
  type SnpLeaf,
  type Tcb,
} from "../../src/evidence/snp/mod.ts";
import { corpus, noCorpus, overReal, realCase } from "./corpus.ts";

/** Facts of the corpus that are no fields of the evidence. */
const NO_FIELDS: readonly string[] = ["checks", "report_length", "product_from_cpuid"];

/** A number of 64 bits as the corpus writes it: without leading zeros. */
const short = (word: string): string => `0x${BigInt(word).toString(16)}`;

const version = ({ major, minor, build }: FirmwareVersion): string => `${major}.${minor}.${build}`;

function tcb({ fmc, bootloader, tee, snp, microcode }: Tcb): Readonly<Record<string, unknown>> {
  const parts = { bl: bootloader, tee, snp, ucode: microcode };
  return fmc === null ? parts : { fmc, ...parts };
}

const tcbWithBytes = (whole: Tcb): unknown => ({ ...tcb(whole), raw_le_bytes: whole.raw });

/** Common name out of RFC 4514 text. */
const commonName = (name: string): string => /CN=([^,]+)/.exec(name)?.[1] ?? "";

function leafFields(
  { form, productName, tcb: version, hwid, cspId, certificate }: SnpLeaf,
): unknown {
  return {
    type: form,
    subject_cn: commonName(certificate.subject),
    issuer_cn: commonName(certificate.issuer),
    product_name_ext: productName,
    tcb_ext: tcb(version),
    hwid_ext: hwid,
    csp_id_ext: cspId,
    not_before: certificate.notBefore,
    not_after: certificate.notAfter,
    sha256: certificate.sha256,
  };
}

/** What we read, in the corpus's words. */
function fieldsOf({ report, leaf, chain }: SnpEvidence): Readonly<Record<string, unknown>> {
  const { policy } = report;
  const keys = { VCEK: 0, VLEK: 1, NONE: 7 };
  const flags = Number(report.authorKeyEnabled) | Number(report.maskChipKey) << 1 |
    keys[report.signingKey] << 2;
  return {
    version: report.version,
    guest_svn: report.guestSvn,
    policy: short(policy.raw),
    policy_bits: {
      abi_minor: policy.abiMinor,
      abi_major: policy.abiMajor,
      smt: policy.smt,
      migrate_ma: policy.migrateMa,
      debug: policy.debug,
      single_socket: policy.singleSocket,
    },
    family_id: report.familyId,
    image_id: report.imageId,
    vmpl: report.vmpl,
    sig_algo: report.signatureAlgorithm,
    platform_info: short(report.platformInfo.raw),
    flags: `0x${flags.toString(16)}`,
    author_key_en: report.authorKeyEnabled,
    mask_chip_key: report.maskChipKey,
    signing_key: report.signingKey,
    report_data: report.reportData,
    measurement: report.measurement,
    host_data: report.hostData,
    id_key_digest: report.idKeyDigest,
    author_key_digest: report.authorKeyDigest,
    report_id: report.reportId,
    report_id_ma: report.reportIdMa,
    chip_id: report.chipId,
    current_version: version(report.currentVersion),
    committed_version: version(report.committedVersion),
    cpuid: report.cpuid,
    launch_mit_vector: vector(report.launchMitigationVector),
    current_mit_vector: vector(report.currentMitigationVector),
    current_tcb: tcbWithBytes(report.currentTcb),
    reported_tcb: tcbWithBytes(report.reportedTcb),
    committed_tcb: tcbWithBytes(report.committedTcb),
    launch_tcb: tcbWithBytes(report.launchTcb),
    leaf: leafFields(leaf),
    product: chain.line.toLowerCase(),
  };
}

const vector = (word: string | null): string | null => word === null ? null : short(word);

const described = [...corpus].flatMap(([name, { expected }]) =>
  expected.verdict === "valid" && "measurement" in expected.fields ? [name] : []
);

for (const name of described) {
  Deno.test(`fields of ${name} are those that other parsers read`, async () => {
    const { files, now, entry } = realCase(name);
    const ours = fieldsOf(await sevSnp.verify(inlineEngine, files, { now, labRoots: [] }));
    const theirs = Object.entries(entry.expected.fields).filter(([key]) =>
      !NO_FIELDS.includes(key)
    );
    assert.ok(theirs.length >= 28, `${theirs.length} fields`);
    for (const [key, value] of theirs) assert.deepEqual(ours[key], value, key);
    const unread = ["cpuid", "launch_mit_vector", "current_mit_vector"];
    for (const key of unread) {
      if (!(key in entry.expected.fields)) assert.equal(ours[key], null, key);
    }
  });
}

Deno.test({
  ...overReal("fields of seven real reports are compared"),
  fn: () => assert.equal(described.length, noCorpus ? 0 : 7),
});
