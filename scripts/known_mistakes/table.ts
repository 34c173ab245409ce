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
  /** What of it waits for a later part, and for which; absent where all of it is tested. */
  readonly waits?: string;
}

/** Mistakes of which something is tested now. A test with the id of each must exist. */
export const TESTED: readonly Mistake[] = [
  { id: "SNP-01", says: "The report's signature is not checked, or the check got lost" },
  {
    id: "SNP-02",
    says:
      "Empty or absent expected report data switch the comparison off, or a difference is not fatal",
  },
  {
    id: "SNP-03",
    says:
      "The chip id is not compared: a VCEK is taken for an ASK by its name, or raw bytes of the hardware id for DER",
  },
  {
    id: "SNP-04",
    says: "The hardware id has another length on Turin, and a masked chip id is skipped in silence",
    waits:
      "that a masked chip id is never used to ask AMD's key server waits for fetching collateral",
  },
  {
    id: "SNP-05",
    says:
      "The layout of TCB versions differs by product line, and leaves that differ in the FMC alone are mixed up",
    waits:
      "that the address and the stored copy of a VCEK name the FMC waits for fetching collateral",
  },
  {
    id: "SNP-06",
    says:
      "The leaf was issued for another TCB than the report claims, or an absent extension passes",
  },
  {
    id: "SNP-07",
    says:
      "TCB versions are compared as one number, or their order and provisional firmware are not looked at",
  },
  {
    id: "SNP-08",
    says:
      "The product line is taken from somebody's word, or rare processors of a line are refused",
  },
  { id: "SNP-09", says: "Certificates are accepted outside of their validity" },
  {
    id: "SNP-10",
    says:
      "Revocation lists are not asked for, not authenticated, stale, of the wrong issuer or scope, or not searched for the leaf",
    waits: "that a VLEK's list is fetched from its own address waits for fetching collateral",
  },
  {
    id: "SNP-11",
    says:
      "VCEK and VLEK, ASK and ASVK are mixed, and the signing key that the report names is ignored",
  },
  { id: "SNP-12", says: "A root is believed because it signs itself; ARK and ASK are swapped" },
  { id: "SNP-13", says: "Another hash is tried when the first does not fit" },
  {
    id: "SNP-14",
    says: "Parameters of RSASSA-PSS are not looked at, or genuine variants are refused",
  },
  {
    id: "SNP-15",
    says:
      "R and S are out of range or padded with other bytes than zeros, or a second valid form counts as other evidence",
  },
  {
    id: "SNP-16",
    says:
      "Reserved and dangerous bits of the guest policy pass, and so do reports of another privilege level or of the host",
  },
  {
    id: "SNP-18",
    says:
      "An ID block is demanded but no key, so nothing is checked; an ID key is taken for a ban of migration",
  },
  {
    id: "SNP-19",
    says:
      "Unknown versions and wrong lengths are read, and fields of a later version out of an earlier one",
  },
  { id: "SNP-20", says: "Entries of a certificate table overlap, repeat or lie outside of it" },
  { id: "SNP-21", says: "A product line whose keys can be extracted is treated like any other" },
  { id: "API-01", says: "What was not checked looks like what passed" },
  { id: "TDX-01", says: "Expected report data are never used" },
  { id: "TDX-02", says: "Collateral is off by default, or the status is dropped" },
  { id: "TDX-03", says: "The quoting enclave's identity is not verified" },
  { id: "TDX-04", says: "The vendor of the quoting enclave is not checked" },
  { id: "TDX-05", says: "The identity of the TDX module is skipped" },
  { id: "TDX-06", says: "Dates and evaluation numbers of collateral are not enforced" },
  { id: "TDX-07", says: "Platform of the PCK certificate and of the TCB info differ" },
  { id: "TDX-08", says: "Statuses are merged wrongly, or only one half is revoked" },
  { id: "TDX-09", says: "TCB levels are matched by equality" },
  { id: "TDX-10", says: "Revocation lists are not authenticated, or of one CA alone" },
  {
    id: "TDX-11",
    says: "Chains are forged, reordered, extended, or under an issuer that is none",
  },
  { id: "TDX-12", says: "Collateral is not signed by Intel, or not over its exact bytes" },
  { id: "TDX-13", says: "Lengths inside a quote lead parsers astray" },
  { id: "TDX-14", says: "Attributes are checked too strictly or not at all" },
  { id: "TDX-15", says: "Registers that say what runs are not pinned" },
  {
    id: "TDX-16",
    says: "Sizes and headers of Azure's reports are misread",
    waits: "the sizes of Azure's HCL report",
  },
  { id: "TDX-17", says: "The attestation key is not bound by the quoting enclave's report" },
];

/** Mistakes that wait for a part that does not exist yet. */
export const WAITING: readonly (readonly [part: string, mistakes: readonly Mistake[]])[] = [
  ["Prediction of images", [
    {
      id: "SNP-17",
      says: "SEV_FEATURES from the host's configuration feed the expected launch digest",
    },
  ]],
  ["TPM quotes and event logs", [
    { id: "TPM-01", says: "The magic number of a quote is not checked" },
    { id: "TPM-02", says: "A structure of another type is taken for a quote" },
    { id: "TPM-03", says: "Register values outside of the signed selection are believed" },
    {
      id: "TPM-04",
      says: "Register values are split anew under the same digest, or selected again and again",
    },
    { id: "TPM-05", says: "The nonce is ignored, or compared by its own length" },
    { id: "TPM-06", says: "The signature is thrown away, or its hash not checked" },
    { id: "TPM-07", says: "The attestation key is not proven to live in a TPM" },
    { id: "TPM-08", says: "Clock, reset count and signer are ignored" },
    { id: "TPM-09", says: "A report from boot time is taken for a fresh one" },
    {
      id: "TPM-10",
      says: "The paravisor's measurement, or the provider's TPM, is taken for the guest's",
    },
    { id: "LOG-01", says: "Event types are not signed, so events are retyped" },
    {
      id: "LOG-02",
      says: "Event data do not match their digest, or what is shown is not what was replayed",
    },
    { id: "LOG-03", says: "Separators are missing, repeated or early" },
    { id: "LOG-04", says: "Registers do not start at zero" },
    { id: "LOG-05", says: "Sizes from the log are believed" },
    { id: "LOG-06", says: "Boot loaders write the same text in several ways" },
    { id: "LOG-07", says: "Register numbers are off by one" },
    { id: "LOG-08", says: "Order of events and of extensions differ" },
    { id: "LOG-09", says: "Of repeated arguments another one counts than at boot" },
    { id: "LOG-10", says: "Leftovers and repeated keys are tolerated" },
  ]],
  ["Tokens, other devices, transport, releases", [
    { id: "JWT-01", says: "Keys, algorithms and times of a token are taken from the token" },
    { id: "GPU-01", says: "One device counts as several" },
    { id: "NIT-01", says: "Debug mode, rights of authorities and revocation pass unseen" },
    { id: "NET-01", says: "Addresses out of evidence are followed" },
    { id: "NET-02", says: "A verdict crosses a way that nobody authenticates" },
    { id: "NET-03", says: "The presence of evidence counts as its verification" },
    { id: "NET-04", says: "Evidence is replayed under another key" },
    { id: "NET-05", says: "Evidence is relayed to another connection" },
    { id: "NET-06", says: "The sender chooses the verifier, and chooses one for tests" },
    { id: "SIG-01", says: "A log entry is of another artifact" },
    { id: "SIG-02", says: "Inclusion in the log is not verified" },
    { id: "SIG-03", says: "Times, identities and subjects of a signature are misread" },
    { id: "DIFF", says: "Verifiers of the same evidence disagree" },
  ]],
];
