/**
 * A quote as a person sees it: every field by Intel's name for it.
 *
 * @module
 */

import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import type { EnclaveReport, Pck, Quote, TdAttributes, TdReport } from "./report.ts";

/** Intel's Provisioning Certification Service. */
const PCS = "https://api.trustedservices.intel.com";

/** Longest authentication data that is shown whole; it is 32 bytes today. */
const MAX_SHOWN_DIGITS = 256;

/**
 * Describes a quote. Nothing of it is verified.
 *
 * @param quote The quote.
 * @param pck What its PCK certificate says; null where the quote carries none that can be read.
 */
export function showQuote(quote: Quote<TdReport | EnclaveReport>, pck: Pck | null): Shown {
  const { body } = quote;
  const guest = body.kind === "sgx"
    ? [enclaveSection("Enclave", body)]
    : [guestSection(body), attributesSection(body), moduleSection(body)];
  const tdx = quote.teeType === "TDX";
  return {
    kind: tdx ? "tdx-quote" : "sgx-quote",
    title: tdx
      ? `Intel TDX quote, version ${quote.version} (not verified)`
      : `Intel SGX quote of an enclave, version ${quote.version} (not verified)`,
    usedBy: tdx ? "casemate evidence verify tdx --quote" : null,
    sections: [
      ...guest,
      ...(pck === null ? [] : [{ title: "Platform", rows: pckRows(pck) }]),
      ...(pck === null || !tdx ? [] : [collateralSection(pck)]),
      enclaveSection("Quoting enclave", quote.qeReport),
      signatureSection(quote),
    ],
  };
}

function guestSection(body: TdReport): ShownSection {
  const [rtmr0, rtmr1, rtmr2, rtmr3] = body.rtmrs;
  const service = body.mrServiceTd === null ? [] : [{
    name: "MRSERVICETD",
    value: body.mrServiceTd,
    meaning: zeroOr(body.mrServiceTd, "service TDs that can reach into this one", "none bound"),
  }];
  return {
    title: "Trust domain",
    rows: [
      { name: "REPORTDATA", value: body.reportData, meaning: "chosen by the guest" },
      { name: "MRTD", value: body.mrTd, meaning: "what was loaded before the TD ran: firmware" },
      { name: "RTMR0", value: rtmr0, meaning: "configuration of the firmware" },
      { name: "RTMR1", value: rtmr1, meaning: "kernel" },
      { name: "RTMR2", value: rtmr2, meaning: "command line and what the kernel measured" },
      {
        name: "RTMR3",
        value: rtmr3,
        meaning: zeroOr(rtmr3, "what was measured at run time", "nothing measured at run time"),
      },
      {
        name: "MRCONFIGID",
        value: body.mrConfigId,
        meaning: zeroOr(body.mrConfigId, "given by the host at launch"),
      },
      { name: "MROWNER", value: body.mrOwner, meaning: zeroOr(body.mrOwner, "owner") },
      {
        name: "MROWNERCONFIG",
        value: body.mrOwnerConfig,
        meaning: zeroOr(body.mrOwnerConfig, "the owner's configuration"),
      },
      ...service,
    ],
  };
}

function attributesSection({ tdAttributes: bits, xfam }: TdReport): ShownSection {
  const flag = (name: string, on: boolean, yes: string, no: string): ShownRow => ({
    name,
    value: on ? "1" : "0",
    meaning: on ? yes : no,
  });
  const profiling: readonly (readonly [string, keyof TdAttributes & string])[] = [
    ["HGS_PLUS_PROF", "hgsPlusProfiling"],
    ["PERF_PROF", "perfProfiling"],
    ["PMT_PROF", "pmtProfiling"],
  ];
  return {
    title: "TD attributes",
    rows: [
      {
        name: "TD_ATTRIBUTES",
        value: bits.raw,
        meaning: zeroOr(
          bits.reservedBits.slice(2),
          `reserved bits ${bits.reservedBits}`,
          "no reserved bits",
        ),
      },
      flag("DEBUG", bits.debug, "the host may debug the TD", "no debugging"),
      ...profiling.map(([name, key]) =>
        flag(name, bits[key] === true, "the host may profile the TD", "no profiling")
      ),
      flag("MIGRATABLE", bits.migratable, "may be migrated", "no migration"),
      flag(
        "SEPT_VE_DISABLE",
        bits.septVeDisable,
        "pages taken away raise no #VE",
        "pages taken away raise #VE",
      ),
      flag("PKS", bits.pks, "supervisor protection keys on", "supervisor protection keys off"),
      flag("KL", bits.keyLocker, "key locker on", "key locker off"),
      flag("LASS", bits.lass, "address space separation on", "address space separation off"),
      flag("PERFMON", bits.perfmon, "performance counters on", "performance counters off"),
      { name: "XFAM", value: xfam, meaning: "extended features" },
    ],
  };
}

function moduleSection(body: TdReport): ShownSection {
  const running = body.teeTcbSvn2 === null ? [] : [{
    name: "TEE_TCB_SVN_2",
    value: body.teeTcbSvn2,
    meaning: "the module that runs now",
  }];
  return {
    title: "TDX module",
    rows: [
      {
        name: "TEE_TCB_SVN",
        value: body.teeTcbSvn,
        meaning: "security versions of the module that launched the TD",
      },
      ...running,
      { name: "MRSEAM", value: body.mrSeam, meaning: "digest of the module" },
      {
        name: "MRSIGNERSEAM",
        value: body.mrSignerSeam,
        meaning: zeroOr(body.mrSignerSeam, "another signer than Intel", "Intel's"),
      },
      { name: "SEAMATTRIBUTES", value: body.seamAttributes },
    ],
  };
}

function enclaveSection(title: string, report: EnclaveReport): ShownSection {
  return {
    title,
    rows: [
      { name: "MRENCLAVE", value: report.mrEnclave },
      { name: "MRSIGNER", value: report.mrSigner },
      { name: "ISVPRODID", value: String(report.isvProdId) },
      { name: "ISVSVN", value: String(report.isvSvn) },
      {
        name: "ATTRIBUTES",
        value: report.attributes,
        meaning: report.debug ? "DEBUG: anybody may read the enclave" : "no debugging",
      },
      { name: "MISCSELECT", value: report.miscSelect },
      { name: "CPUSVN", value: report.cpuSvn },
      { name: "REPORTDATA", value: report.reportData },
    ],
  };
}

/**
 * What a PCK certificate certifies, for a person.
 *
 * @param pck What it certifies.
 */
export function pckRows(pck: Pck): readonly ShownRow[] {
  const { configuration } = pck;
  const state = (on: boolean | null): string => on === null ? "not stated" : on ? "yes" : "no";
  return [
    { name: "FMSPC", value: pck.fmspc, meaning: "kind of platform: TCB info is asked for by it" },
    { name: "PCE-ID", value: pck.pceId },
    { name: "PPID", value: pck.ppid, meaning: "this platform" },
    {
      name: "TCB components",
      value: pck.components.join(" "),
      meaning: "security versions that the key was derived for",
    },
    { name: "PCESVN", value: String(pck.pceSvn) },
    { name: "SGX type", value: pck.sgxType },
    ...(pck.platformInstanceId === null ? [] : [{
      name: "Platform instance",
      value: pck.platformInstanceId,
    }]),
    ...(configuration === null ? [] : [
      { name: "Dynamic platform", value: state(configuration.dynamicPlatform) },
      { name: "Cached keys", value: state(configuration.cachedKeys) },
      { name: "SMT enabled", value: state(configuration.smtEnabled) },
    ]),
    { name: "Certificate", value: pck.certificate.issuer, meaning: "issuer" },
    { name: "Serial", value: pck.certificate.serial },
  ];
}

/** Addresses of Intel's services, by what the certificate says; nothing is fetched. */
function collateralSection(pck: Pck): ShownSection {
  const ca = pck.certificate.issuer.includes("Processor CA") ? "processor" : "platform";
  return {
    title: "Where Intel publishes its collateral",
    rows: [
      {
        name: "--tcb-info",
        value: `${PCS}/tdx/certification/v4/tcb?fmspc=${pck.fmspc}`,
        meaning: "header TCB-Info-Issuer-Chain is --tcb-chain",
      },
      { name: "--qe-identity", value: `${PCS}/tdx/certification/v4/qe/identity` },
      {
        name: "--pck-crl",
        value: `${PCS}/sgx/certification/v4/pckcrl?ca=${ca}&encoding=der`,
      },
      {
        name: "--root-crl",
        value: "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der",
      },
    ],
  };
}

function signatureSection(quote: Quote<unknown>): ShownSection {
  const { bytes, zero } = quote.trailing;
  return {
    title: "Signature",
    rows: [
      {
        name: "Attestation key type",
        value: String(quote.attestationKeyType),
        meaning: "ECDSA P-256",
      },
      { name: "QE vendor", value: quote.qeVendor },
      { name: "User data", value: quote.userData, meaning: "id of the platform's quoting enclave" },
      { name: "Attestation key", value: quote.attestationKey },
      { name: "QE authentication data", value: shortened(quote.qeAuthenticationData) },
      { name: "R", value: quote.signature.r },
      { name: "S", value: quote.signature.s },
      {
        name: "After the quote",
        value: `${bytes} bytes`,
        ...(bytes === 0 ? {} : { meaning: zero ? "all zero" : "not all zero" }),
      },
    ],
  };
}

function shortened(hex: string): string {
  return hex.length <= MAX_SHOWN_DIGITS ? hex : `${hex.slice(0, MAX_SHOWN_DIGITS)}…`;
}

function zeroOr(hex: string, meaning: string, zero = "not used"): string {
  return /^0*$/.test(hex) ? zero : meaning;
}
