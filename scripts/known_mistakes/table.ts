/**
 * Mistakes that real verifiers of attestation evidence made, by stable ids.
 *
 * @module
 */

/** A mistake. */
export interface Mistake {
  /** Id, as tests have it at the start of their names. */
  readonly id: string;
  /** What went wrong. */
  readonly says: string;
  /** Who was reported to fall for it, with the number of the report where it has one; not all of them do today. */
  readonly peers: readonly string[];
  /** What of it waits for a later part, and for which; absent where all of it is tested. */
  readonly waits?: string;
}

/** Mistakes of which something is tested now. A test with the id of each must exist. */
export const TESTED: readonly Mistake[] = [
  {
    id: "SNP-01",
    peers: ["veraison/services#418", "agentrust cmcp#370", "cocos"],
    says: "The report's signature is not checked, or the check got lost",
  },
  {
    id: "SNP-02",
    peers: ["cocos GHSA-4r6g-mp48-j2rw", "agentrust cmcp#384, #608"],
    says:
      "Empty or absent expected report data switch the comparison off, or a difference is not fatal",
  },
  {
    id: "SNP-03",
    peers: ["snpguest#38, #159"],
    says:
      "The chip id is not compared: a VCEK is taken for an ASK by its name, or raw bytes of the hardware id for DER",
  },
  {
    id: "SNP-04",
    peers: ["snpguest#159", "sev#303", "trustee#785", "go-sev-guest#165, #199"],
    says: "The hardware id has another length on Turin, and a masked chip id is skipped in silence",
  },
  {
    id: "SNP-05",
    peers: ["attestation-rs#89", "CCF#7499", "go-sev-guest#193"],
    says:
      "The layout of TCB versions differs by product line, and leaves that differ in the FMC alone are mixed up",
  },
  {
    id: "SNP-06",
    peers: ["CCF#6812, #7240", "snpguest#159", "enarx/steward#154"],
    says:
      "The leaf was issued for another TCB than the report claims, or an absent extension passes",
  },
  {
    id: "SNP-07",
    peers: [],
    says:
      "TCB versions are compared as one number, or their order and provisional firmware are not looked at",
  },
  {
    id: "SNP-08",
    peers: ["contrast#1238, #1240", "attestation-go#14", "tinfoil-python#122", "go-sev-guest#103"],
    says:
      "The product line is taken from somebody's word, or rare processors of a line are refused",
  },
  {
    id: "SNP-09",
    peers: ["attestation-rs#83", "dstack#1140"],
    says: "Certificates are accepted outside of their validity",
  },
  {
    id: "SNP-10",
    peers: [
      "go-sev-guest#154, #191",
      "contrast#2553",
      "attestation-rs#23, #83",
      "akash#3381",
      "trustee#1142",
    ],
    says:
      "Revocation lists are not asked for, not authenticated, stale, of the wrong issuer or scope, or not searched for the leaf",
  },
  {
    id: "SNP-11",
    peers: ["trustee#385", "snpguest#48"],
    says:
      "VCEK and VLEK, ASK and ASVK are mixed, and the signing key that the report names is ignored",
  },
  {
    id: "SNP-12",
    peers: ["TEE-Attestation-Verification#152"],
    says: "A root is believed because it signs itself; ARK and ASK are swapped",
  },
  { id: "SNP-13", peers: ["enarx#590"], says: "Another hash is tried when the first does not fit" },
  {
    id: "SNP-14",
    peers: ["snpguest#57"],
    says: "Parameters of RSASSA-PSS are not looked at, or genuine variants are refused",
  },
  {
    id: "SNP-15",
    peers: [],
    says:
      "R and S are out of range or padded with other bytes than zeros, or a second valid form counts as other evidence",
  },
  {
    id: "SNP-16",
    peers: [],
    says:
      "Reserved and dangerous bits of the guest policy pass, and so do reports of another privilege level or of the host",
  },
  {
    id: "SNP-18",
    peers: ["tinfoil-go#94", "contrast#1319"],
    says:
      "An ID block is demanded but no key, so nothing is checked; an ID key is taken for a ban of migration",
  },
  {
    id: "SNP-19",
    peers: [],
    says:
      "Unknown versions and wrong lengths are read, and fields of a later version out of an earlier one",
  },
  {
    id: "SNP-20",
    peers: [],
    says: "Entries of a certificate table overlap, repeat or lie outside of it",
  },
  {
    id: "SNP-21",
    peers: [],
    says: "A product line whose keys can be extracted is treated like any other",
  },
  {
    id: "API-01",
    peers: ["attestation-rs#77, #83"],
    says: "What was not checked looks like what passed",
  },
  {
    id: "TDX-01",
    peers: ["cocos GHSA-4px3-wj2x-xx47"],
    says: "Expected report data are never used",
  },
  {
    id: "TDX-02",
    peers: ["attestation-go#23", "bitrouter#566", "dcap-qvl#82, #125"],
    says: "Collateral is off by default, or the status is dropped",
  },
  {
    id: "TDX-03",
    peers: ["dcap-qvl#77", "automata dcap-attestation#159"],
    says: "The quoting enclave's identity is not verified",
  },
  {
    id: "TDX-04",
    peers: ["dcap-qvl#127, #134", "npm @phala/dcap-qvl 0.3.9"],
    says: "The vendor of the quoting enclave is not checked",
  },
  {
    id: "TDX-05",
    peers: ["dcap-qvl#124, #138", "aleph-vm#1195", "npm @phala/dcap-qvl 0.3.9"],
    says: "The identity of the TDX module is skipped",
  },
  {
    id: "TDX-06",
    peers: ["aleph-vm#1195"],
    says: "Dates and evaluation numbers of collateral are not enforced",
  },
  { id: "TDX-07", peers: [], says: "Platform of the PCK certificate and of the TCB info differ" },
  {
    id: "TDX-08",
    peers: ["automata dcap-attestation#132, #155, #159", "go-tdx-guest#105"],
    says: "Statuses are merged wrongly, or only one half is revoked",
  },
  {
    id: "TDX-09",
    peers: ["go-tdx-guest#37, #38, #57"],
    says: "TCB levels are matched by equality",
  },
  {
    id: "TDX-10",
    peers: [
      "npm @phala/dcap-qvl 0.3.9 (fixed in Rust by #206)",
      "fortanix rust-sgx#925",
      "automata dcap-attestation#132",
      "tinfoil-python#122",
    ],
    says: "Revocation lists are not authenticated, or of one CA alone",
  },
  {
    id: "TDX-11",
    peers: [
      "automata dcap-attestation#141",
      "UTEXO#70",
      "TEE-Attestation-Verification#162",
      "android-key-attestation#25",
    ],
    says: "Chains are forged, reordered, extended, or under an issuer that is none",
  },
  {
    id: "TDX-12",
    peers: ["taiko-mono#21827", "aleph-vm#1195"],
    says: "Collateral is not signed by Intel, or not over its exact bytes",
  },
  {
    id: "TDX-13",
    peers: ["go-tdx-guest#102, #104", "dcap-qvl 0.2", "agent-manifest#250", "aleph-vm#1186"],
    says: "Lengths inside a quote lead parsers astray",
  },
  {
    id: "TDX-14",
    peers: ["dcap-qvl#60, #165, #219"],
    says: "Attributes are checked too strictly or not at all",
  },
  {
    id: "TDX-15",
    peers: ["c8s#192, #257, #455"],
    says: "Registers that say what runs are not pinned",
  },
  {
    id: "TDX-16",
    peers: ["azure-docs#127460"],
    says: "Sizes and headers of Azure's reports are misread",
  },
  {
    id: "TDX-17",
    peers: [],
    says: "The attestation key is not bound by the quoting enclave's report",
  },
  {
    id: "TPM-01",
    peers: ["tpm2-tools CVE-2024-29038, CVE-2024-29039", "charra#90"],
    says: "The magic number of a quote is not checked",
  },
  { id: "TPM-02", peers: [], says: "A structure of another type is taken for a quote" },
  {
    id: "TPM-03",
    peers: [
      "tpm2-tools CVE-2024-29039",
      "go-attestation CVE-2022-0317",
      "attestation-rs#69",
      "attestation-go#28",
    ],
    says: "Register values outside of the signed selection are believed",
  },
  {
    id: "TPM-04",
    peers: ["dstack#1267, #1275"],
    says: "Register values are split anew under the same digest, or selected again and again",
  },
  {
    id: "TPM-05",
    peers: ["kairos#4828", "tpm2-tss#2257", "trustee#1487"],
    says: "The nonce is ignored, or compared by its own length",
  },
  {
    id: "TPM-06",
    peers: ["agentrust cmcp#429"],
    says: "The signature is thrown away, or its hash not checked",
  },
  {
    id: "TPM-07",
    peers: ["cvm-reverse-proxy#47", "agentrust cmcp#431"],
    says: "The attestation key is not proven to live in a TPM",
  },
  { id: "TPM-08", peers: [], says: "Clock, reset count and signer are ignored" },
  {
    id: "TPM-09",
    peers: ["snpguest#116", "trustee#1487"],
    says: "A report from boot time is taken for a fresh one",
  },
  {
    id: "TPM-10",
    peers: ["seismic enclave#187", "c8s#456", "gce-tcb-verifier#64"],
    says: "The paravisor's measurement, or the provider's TPM, is taken for the guest's",
  },
  {
    id: "LOG-01",
    peers: ["safeboot#139"],
    says: "Event types are not signed, so events are retyped",
  },
  {
    id: "LOG-02",
    peers: ["private-ai-gateway#101", "dstack#1294"],
    says: "Event data do not match their digest, or what is shown is not what was replayed",
  },
  { id: "LOG-03", peers: ["go-eventlog#25"], says: "Separators are missing, repeated or early" },
  { id: "LOG-04", peers: ["trustee#1565"], says: "Registers do not start at zero" },
  { id: "LOG-05", peers: ["go-attestation"], says: "Sizes from the log are believed" },
  {
    id: "LOG-06",
    peers: ["tpm2-tools#2303", "go-eventlog#13"],
    says: "Boot loaders write the same text in several ways",
  },
  { id: "LOG-07", peers: ["trustee#1056"], says: "Register numbers are off by one" },
  { id: "LOG-08", peers: ["dstack#706"], says: "Order of events and of extensions differ" },
  {
    id: "LOG-09",
    peers: ["dstack#1275"],
    says: "Of repeated arguments another one counts than at boot",
  },
  { id: "LOG-10", peers: ["dstack#1275"], says: "Leftovers and repeated keys are tolerated" },
  {
    id: "NIT-01",
    peers: ["dstack#1140"],
    says: "Debug mode, rights of authorities and revocation pass unseen",
  },
  {
    id: "NET-06",
    peers: ["opennhp#1732", "trustee"],
    says: "The sender chooses the verifier, and chooses one for tests",
  },
  {
    id: "JWT-01",
    peers: ["MAA#29", "attestation-rs#43", "akash#3365"],
    says: "Keys, algorithms and times of a token are taken from the token",
  },
  { id: "NET-01", peers: ["dstack#1238"], says: "Addresses out of evidence are followed" },
  { id: "NET-02", peers: ["c8s#132"], says: "A verdict crosses a way that nobody authenticates" },
  { id: "NET-03", peers: ["c8s#85"], says: "The presence of evidence counts as its verification" },
  { id: "NET-04", peers: ["Morpheus#675"], says: "Evidence is replayed under another key" },
  {
    id: "NET-05",
    peers: ["cocos GHSA-vfgg-mvxx-mgg7 (CVE-2026-33697)"],
    says: "Evidence is relayed to another connection",
  },
];

/** Mistakes that wait for a part that does not exist yet. */
export const WAITING: readonly (readonly [part: string, mistakes: readonly Mistake[]])[] = [
  ["Prediction of images", [
    {
      id: "SNP-17",
      peers: ["dstack#1275"],
      says: "SEV_FEATURES from the host's configuration feed the expected launch digest",
    },
  ]],
  ["Tokens, other devices, transport, releases", [
    {
      id: "GPU-01",
      peers: ["trustee#1551", "private-ai-gateway#48"],
      says: "One device counts as several",
    },
    {
      id: "SIG-01",
      peers: ["cosign#4623 (CVE-2026-22703), CVE-2022-36056"],
      says: "A log entry is of another artifact",
    },
    { id: "SIG-02", peers: ["sigstore-rs 0.14"], says: "Inclusion in the log is not verified" },
    {
      id: "SIG-03",
      peers: ["slsa-verifier GHSA-r2xv"],
      says: "Times, identities and subjects of a signature are misread",
    },
  ]],
];
