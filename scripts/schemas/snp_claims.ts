/**
 * Schema of the claims of SEV-SNP evidence: `SnpEvidence` of
 * `src/evidence/snp/report.ts`, where each field is documented.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import {
  ANY_HEX,
  bits,
  CERTIFICATE,
  exactly,
  hexOf,
  listOf,
  MOMENT,
  orNull,
  TEXT,
  upTo,
  WORD,
  words,
  YES_OR_NO,
} from "./shapes.ts";

const BYTE = upTo(255);
const UINT32 = upTo(0xffff_ffff);

const TCB = exactly({
  fmc: [orNull(BYTE), "Firmware of the secure microcontroller; null before Turin"],
  bootloader: [BYTE, "Boot loader of the AMD Secure Processor"],
  tee: [BYTE, "Operating system of the AMD Secure Processor"],
  snp: [BYTE, "SNP firmware"],
  microcode: [BYTE, "Lowest microcode patch level of all cores"],
  raw: [hexOf(8), "The eight bytes as they stand in memory"],
});

const VERSION = exactly({
  major: [BYTE, "API major version"],
  minor: [BYTE, "API minor version"],
  build: [BYTE, "Build number"],
});

const GUEST_POLICY = exactly({
  raw: [WORD, "POLICY"],
  abiMajor: [BYTE, "Lowest firmware ABI, major"],
  abiMinor: [BYTE, "Lowest firmware ABI, minor"],
  ...bits({
    smt: "Bit 16, SMT",
    migrateMa: "Bit 18, MIGRATE_MA",
    debug: "Bit 19, DEBUG",
    singleSocket: "Bit 20, SINGLE_SOCKET",
    cxlAllowed: "Bit 21, CXL_ALLOW",
    memAes256Xts: "Bit 22, MEM_AES_256_XTS",
    raplDisabled: "Bit 23, RAPL_DIS",
    ciphertextHidingDram: "Bit 24, CIPHERTEXT_HIDING_DRAM",
    pageSwapDisabled: "Bit 25, PAGE_SWAP_DISABLE",
  }),
});

const PLATFORM_INFO = exactly({
  raw: [WORD, "PLATFORM_INFO"],
  ...bits({
    smtEnabled: "Bit 0, SMT_EN",
    tsmeEnabled: "Bit 1, TSME_EN",
    eccEnabled: "Bit 2, ECC_EN",
    raplDisabled: "Bit 3, RAPL_DIS",
    ciphertextHidingDramEnabled: "Bit 4, CIPHERTEXT_HIDING_DRAM_EN",
    aliasCheckComplete: "Bit 5, ALIAS_CHECK_COMPLETE",
    tioEnabled: "Bit 7, TIO_EN",
  }),
  unknownBits: [WORD, "Bits without published meaning"],
});

const REPORT = exactly({
  version: [upTo(5), "VERSION, 2 to 5"],
  guestSvn: [UINT32, "GUEST_SVN"],
  policy: [GUEST_POLICY, "POLICY"],
  familyId: [hexOf(16), "FAMILY_ID"],
  imageId: [hexOf(16), "IMAGE_ID"],
  vmpl: [UINT32, "VMPL; 4294967295 when the host asked for the report"],
  signatureAlgorithm: [UINT32, "SIGNATURE_ALGO"],
  currentTcb: [TCB, "CURRENT_TCB"],
  platformInfo: [PLATFORM_INFO, "PLATFORM_INFO"],
  authorKeyEnabled: [YES_OR_NO, "AUTHOR_KEY_EN"],
  maskChipKey: [YES_OR_NO, "MASK_CHIP_KEY"],
  signingKey: [words("VCEK", "VLEK", "NONE"), "SIGNING_KEY"],
  reportData: [hexOf(64), "REPORT_DATA"],
  measurement: [hexOf(48), "MEASUREMENT"],
  hostData: [hexOf(32), "HOST_DATA"],
  idKeyDigest: [hexOf(48), "ID_KEY_DIGEST"],
  authorKeyDigest: [hexOf(48), "AUTHOR_KEY_DIGEST"],
  reportId: [hexOf(32), "REPORT_ID"],
  reportIdMa: [hexOf(32), "REPORT_ID_MA"],
  reportedTcb: [TCB, "REPORTED_TCB"],
  cpuid: [
    orNull(
      exactly({
        family: [BYTE, "CPUID_FAM_ID"],
        model: [BYTE, "CPUID_MOD_ID"],
        stepping: [BYTE, "CPUID_STEP"],
      }),
    ),
    "CPUID; null before version 3",
  ],
  chipId: [hexOf(64), "CHIP_ID"],
  committedTcb: [TCB, "COMMITTED_TCB"],
  currentVersion: [VERSION, "CURRENT_MAJOR, CURRENT_MINOR, CURRENT_BUILD"],
  committedVersion: [VERSION, "COMMITTED_MAJOR, COMMITTED_MINOR, COMMITTED_BUILD"],
  launchTcb: [TCB, "LAUNCH_TCB"],
  launchMitigationVector: [orNull(WORD), "LAUNCH_MIT_VECTOR; null before version 5"],
  currentMitigationVector: [orNull(WORD), "CURRENT_MIT_VECTOR; null before version 5"],
  signature: [
    exactly({ r: [hexOf(48), "R, big-endian"], s: [hexOf(48), "S, big-endian"] }),
    "SIGNATURE",
  ],
});

const LEAF = exactly({
  form: [words("VCEK", "VLEK"), "Kind of key"],
  structVersion: [upTo(0x7fff_ffff), "structVersion"],
  productName: [TEXT, "productName, as Milan-B0"],
  tcb: [TCB, "Versions that the key was derived for"],
  hwid: [
    orNull({ type: "string", pattern: "^(?:[0-9a-f]{16}|[0-9a-f]{128})$" }),
    "hwID, 64 bytes or 8; null in a VLEK",
  ],
  cspId: [orNull(TEXT), "cspID; null in a VCEK"],
  certificate: [CERTIFICATE, "The certificate"],
});

const CRL = exactly({
  number: [orNull(ANY_HEX), "CRL number"],
  thisUpdate: [MOMENT, "Time of issue"],
  nextUpdate: [MOMENT, "Time by which the next is due"],
  scope: [orNull(TEXT), "URI of the issuing distribution point"],
  revoked: [upTo(Number.MAX_SAFE_INTEGER), "How many certificates it revokes"],
  sha256: [hexOf(32), "SHA-256 of the DER"],
});

/** The claims. */
export const SNP_CLAIMS: JsonSchema = exactly({
  report: [REPORT, "ATTESTATION_REPORT, AMD 56860 Table 23"],
  leaf: [LEAF, "VCEK or VLEK, AMD 57230"],
  chain: [
    exactly({
      line: [TEXT, "Product line"],
      lab: [YES_OR_NO, "Whether a lab issued it"],
      ask: [CERTIFICATE, "ASK or ASVK"],
      ark: [CERTIFICATE, "ARK"],
    }),
    "Intermediate and root",
  ],
  crls: [listOf(CRL), "Revocation lists that were used"],
  chipBinding: [
    words("matches", "masked", "not-in-certificate"),
    "How report and leaf name the chip",
  ],
});
