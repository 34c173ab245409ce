/**
 * The variants and what is known of each: the table of protocol §4 as data.
 * Docs, `casemate evidence explain` and the roots of findings come from here.
 *
 * @module
 */

import type { Measurement, VariantFacts, VariantId } from "./facts.ts";

const FIRMWARE_OF_HOST: Measurement = {
  layer: "firmware",
  what: "firmware and its settings",
  by: "the provider's firmware, into the hypervisor's TPM",
  register: "PCR 0 to 3, 7",
  root: "provider",
  pinned: false,
};

/** Registers of a UKI as the provider's TPM holds them. */
const UKI_BY_PROVIDER: readonly Measurement[] = [
  FIRMWARE_OF_HOST,
  {
    layer: "boot",
    what: "the unified kernel image that was started",
    by: "the firmware",
    register: "PCR 4",
    root: "provider",
    pinned: true,
  },
  {
    layer: "kernel",
    what: "kernel, initrd and command line inside of it",
    by: "systemd-stub",
    register: "PCR 11",
    root: "provider",
    pinned: true,
  },
  {
    layer: "node",
    what: "cluster, role and name of the node",
    by: "the initramfs",
    register: "PCR 15",
    root: "provider",
    pinned: false,
  },
];

/** The same of a TPM that somebody else runs. */
const ukiBy = (root: Measurement["root"], firmware: string): readonly Measurement[] =>
  UKI_BY_PROVIDER.map((measurement) => ({
    ...measurement,
    root,
    by: measurement === FIRMWARE_OF_HOST ? firmware : measurement.by,
  }));

const CPU_RISKS: readonly string[] = [
  "attacks on the memory bus (interposers), side channels and denial of service",
  "a break-in through software that was measured and is vulnerable",
];

const AMD_RISK =
  "EPYC Milan: its signing keys can be extracted in software, so that reports of that line prove nothing unless the policy accepts it";

const PARAVISOR_RISK =
  "whoever can update the paravisor under an accepted signature, or finds a hole in it, can write any registers";

const PROVIDER_RISKS: readonly string[] = [
  "the provider, or whoever controls its hypervisor, can write any registers that it likes",
];

const NOT_AFTER_BOOT = "that nothing broke in after the boot";

const MEMORY_AMD = "an AMD processor encrypts the memory and keeps the host from changing it";
const MEMORY_INTEL = "an Intel processor encrypts the memory and keeps the host from changing it";
const OWNER_AWS =
  "whose account and which region it is, where its identity document is given, if AWS tells the truth";
const CHANNEL_CPU = "the keys of the channel were made inside of this machine";

/** The variants. */
export const VARIANTS: Readonly<Record<VariantId, VariantFacts>> = {
  "sev-snp": {
    id: "sev-snp",
    title: "AMD SEV-SNP",
    tee: "sev-snp",
    reportData: "binding",
    akProof: "no-key",
    qualifyingData: "no-quote",
    whatRuns: "launch-digest",
    runtimeRegister: null,
    roots: { cpu: "amd", channel: "amd", whatRuns: "amd" },
    trusted: "Confidential, rooted in AMD",
    measurements: [
      {
        layer: "firmware",
        what: "firmware, and the hashes of kernel, initrd and command line in it",
        by: "AMD's secure processor at launch",
        register: "MEASUREMENT",
        root: "amd",
        pinned: true,
      },
      {
        layer: "cluster",
        what: "the cluster's id",
        by: "whoever launched the guest; compared, not measured",
        register: "HOST_DATA",
        root: "amd",
        pinned: false,
      },
    ],
    proves: [MEMORY_AMD, "what was loaded at launch", CHANNEL_CPU],
    provesNot: [
      NOT_AFTER_BOOT,
      "the phase of the boot, which no register holds: it is the statement's word",
    ],
    risks: [AMD_RISK, "ACPI tables of the host are not measured (BadAML)", ...CPU_RISKS],
    hardware: { tried: true, says: "verified with real reports of Milan, Genoa and Turin" },
  },
  "tdx": {
    id: "tdx",
    title: "Intel TDX",
    tee: "tdx",
    reportData: "binding",
    akProof: "no-key",
    qualifyingData: "no-quote",
    whatRuns: "mrtd-and-rtmrs",
    runtimeRegister: "RTMR 3",
    roots: { cpu: "intel", channel: "intel", whatRuns: "intel" },
    trusted: "Confidential, rooted in Intel",
    measurements: tdMeasurements(true),
    proves: [MEMORY_INTEL, "firmware, kernel and command line that were started", CHANNEL_CPU],
    provesNot: [
      NOT_AFTER_BOOT,
      "the phase of the boot, where the kernel cannot extend RTMR 3 (before Linux 6.16)",
    ],
    risks: CPU_RISKS,
    hardware: { tried: true, says: "verified with real quotes of versions 4 and 5" },
  },
  "gcp-tdx": {
    id: "gcp-tdx",
    title: "Intel TDX on Google Cloud",
    tee: "tdx",
    reportData: "binding",
    akProof: "no-key",
    qualifyingData: "no-quote",
    whatRuns: "rtmrs",
    runtimeRegister: "RTMR 3",
    roots: { cpu: "intel", channel: "intel", whatRuns: "intel" },
    trusted: "Confidential, rooted in Intel",
    measurements: tdMeasurements(false),
    proves: [
      MEMORY_INTEL,
      "kernel and command line that were started",
      "which firmware started them, where MRTD is pinned or endorsed",
      CHANNEL_CPU,
    ],
    provesNot: [
      NOT_AFTER_BOOT,
      "that the firmware is good: where only Google endorses it, that is Google's word",
      "the phase of the boot, where the kernel cannot extend RTMR 3 (before Linux 6.16)",
    ],
    risks: CPU_RISKS,
    hardware: { tried: true, says: "verified with a real quote and its event log" },
  },
  "aws-sev-snp": {
    id: "aws-sev-snp",
    title: "AMD SEV-SNP on AWS, with NitroTPM",
    tee: "sev-snp",
    reportData: "binding",
    akProof: "nitro-document",
    qualifyingData: "document",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: "amd", channel: "amd", whatRuns: "provider" },
    trusted: "CPU confidential (AMD), what runs is vouched for by AWS only",
    measurements: UKI_BY_PROVIDER,
    proves: [
      MEMORY_AMD,
      CHANNEL_CPU,
      "what was started, if AWS tells the truth",
      OWNER_AWS,
    ],
    provesNot: [
      "what was started, against AWS: its NitroTPM stands outside of the protected memory",
      NOT_AFTER_BOOT,
    ],
    risks: [AMD_RISK, ...PROVIDER_RISKS, ...CPU_RISKS],
    hardware: {
      tried: false,
      says:
        "never run on hardware as a whole: the report was tried with a real one under a VLEK of AWS, the attestation document with minted ones alone",
    },
  },
  "gcp-sev-snp": {
    id: "gcp-sev-snp",
    title: "AMD SEV-SNP on Google Cloud, with its vTPM",
    tee: "sev-snp",
    reportData: "ak-and-binding",
    akProof: "certificate",
    qualifyingData: "binding-and-report",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: "amd", channel: "amd", whatRuns: "provider" },
    trusted: "CPU confidential (AMD), what runs is vouched for by Google only",
    measurements: [
      {
        layer: "firmware",
        what: "the provider's firmware",
        by: "AMD's secure processor at launch",
        register: "MEASUREMENT",
        root: "amd",
        pinned: false,
      },
      ...UKI_BY_PROVIDER,
    ],
    policyKeys: ["project"],
    proves: [
      MEMORY_AMD,
      CHANNEL_CPU,
      "which project, zone and instance it is, if Google tells the truth",
      "what was started, if Google tells the truth",
    ],
    provesNot: [
      "what was started, against Google: its vTPM stands outside of the protected memory",
      NOT_AFTER_BOOT,
    ],
    risks: [AMD_RISK, ...PROVIDER_RISKS, ...CPU_RISKS],
    hardware: {
      tried: false,
      says:
        "never run on hardware as a whole: quote and certificate were tried with real ones, and so were reports of other clouds",
    },
  },
  "azure-sev-snp": {
    id: "azure-sev-snp",
    title: "AMD SEV-SNP on Azure, with its paravisor",
    tee: "sev-snp",
    reportData: "paravisor",
    akProof: "runtime-data",
    qualifyingData: "binding-and-hcl",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: "amd", channel: "paravisor", whatRuns: "paravisor" },
    trusted: "Confidential, rooted in AMD and Azure's paravisor",
    measurements: [
      paravisorMeasurement("ID_KEY_DIGEST", "amd"),
      ...ukiBy("paravisor", "the firmware that the paravisor starts, into the paravisor's TPM"),
    ],
    proves: [
      MEMORY_AMD,
      "whose paravisor runs inside of the protected memory",
      "what was started, if that paravisor tells the truth",
      "the keys of the channel were made inside of this machine, if that paravisor tells the truth",
    ],
    provesNot: [
      "that the paravisor is good: it is Microsoft's, and its source is closed",
      NOT_AFTER_BOOT,
    ],
    risks: [AMD_RISK, PARAVISOR_RISK, ...CPU_RISKS],
    hardware: { tried: true, says: "verified with real evidence of Milan and Genoa" },
  },
  "azure-tdx": {
    id: "azure-tdx",
    title: "Intel TDX on Azure, with its paravisor",
    tee: "tdx",
    reportData: "paravisor",
    akProof: "runtime-data",
    qualifyingData: "binding-and-hcl",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: "intel", channel: "paravisor", whatRuns: "paravisor" },
    trusted: "Confidential, rooted in Intel and Azure's paravisor",
    measurements: [
      paravisorMeasurement("MRTD", "intel"),
      ...ukiBy("paravisor", "the firmware that the paravisor starts, into the paravisor's TPM"),
    ],
    proves: [
      MEMORY_INTEL,
      "which paravisor runs inside of the protected memory",
      "what was started, if that paravisor tells the truth",
      "the keys of the channel were made inside of this machine, if that paravisor tells the truth",
    ],
    provesNot: [
      "that the paravisor is good: it is Microsoft's, and its source is closed",
      NOT_AFTER_BOOT,
    ],
    risks: [PARAVISOR_RISK, ...CPU_RISKS],
    hardware: { tried: true, says: "verified with real evidence" },
  },
  "aws-nitro-tpm": {
    id: "aws-nitro-tpm",
    title: "AWS instance with NitroTPM",
    tee: null,
    reportData: "none",
    akProof: "nitro-document",
    qualifyingData: "document",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: null, channel: "provider", whatRuns: "provider" },
    trusted: "Measured, by AWS's word",
    measurements: UKI_BY_PROVIDER,
    proves: ["what was started, if AWS tells the truth", OWNER_AWS],
    provesNot: ["that memory is kept from AWS or anybody: no CPU says so", NOT_AFTER_BOOT],
    risks: PROVIDER_RISKS,
    hardware: {
      tried: false,
      says:
        "never run on hardware: documents of this kind were minted; real ones of Nitro Enclaves, which share form and root, were verified",
    },
  },
  "azure-trusted-launch": {
    id: "azure-trusted-launch",
    title: "Azure VM with trusted launch",
    tee: null,
    reportData: "none",
    akProof: "certificate",
    qualifyingData: "binding",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: null, channel: "provider", whatRuns: "provider" },
    trusted: "Measured, by Microsoft's word",
    measurements: UKI_BY_PROVIDER,
    proves: ["what was started, if Microsoft tells the truth"],
    provesNot: ["that memory is kept from Microsoft or anybody: no CPU says so", NOT_AFTER_BOOT],
    risks: [...PROVIDER_RISKS, "the certificate does not say whose VM it is of"],
    hardware: { tried: false, says: "never run on hardware: all evidence was minted" },
  },
  "gcp-sev-es": {
    id: "gcp-sev-es",
    title: "AMD SEV or SEV-ES on Google Cloud, with its vTPM",
    tee: null,
    reportData: "none",
    akProof: "certificate",
    qualifyingData: "binding",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: null, channel: "provider", whatRuns: "provider" },
    trusted: "Measured, by Google's word",
    measurements: UKI_BY_PROVIDER,
    policyKeys: ["project"],
    proves: [
      "which project, zone and instance it is, if Google tells the truth",
      "what was started, if Google tells the truth",
    ],
    provesNot: [
      "that memory is kept from Google: SEV and SEV-ES give the guest no report that a stranger could check",
      NOT_AFTER_BOOT,
    ],
    risks: PROVIDER_RISKS,
    hardware: {
      tried: true,
      says: "verified with a real quote, its certificate and its event log",
    },
  },
  "qemu-vtpm": {
    id: "qemu-vtpm",
    title: "QEMU with a software TPM",
    tee: null,
    reportData: "none",
    akProof: "enrolment",
    qualifyingData: "binding",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: null, channel: "none", whatRuns: "none" },
    trusted: "Not confidential: emulated, and vouched for by nobody",
    measurements: ukiBy("none", "the firmware, into a TPM that is a program of the host"),
    proves: ["that quote, registers and log fit together"],
    provesNot: [
      "anything against whoever runs the machine that QEMU runs on",
      "that a TPM made the quote, unless its key was enrolled",
    ],
    risks: ["whoever runs QEMU can write any registers that they like"],
    hardware: { tried: true, says: "run with swtpm; for trying out and for tests" },
  },
  "openstack": {
    id: "openstack",
    title: "OpenStack VM with a vTPM",
    tee: null,
    reportData: "none",
    akProof: "enrolment",
    qualifyingData: "binding",
    whatRuns: "pcrs",
    runtimeRegister: "PCR 15",
    roots: { cpu: null, channel: "none", whatRuns: "none" },
    trusted: "Not confidential: measured by a TPM that nobody vouches for",
    measurements: ukiBy("none", "the firmware, into a TPM that is a program of the host"),
    proves: [
      "that quote, registers and log fit together",
      "that it is the machine whose key was enrolled, where it was",
    ],
    provesNot: [
      "what was started, against the operator of the cloud: its vTPM is a program of the host",
      "that memory is kept from anybody: no CPU says so",
    ],
    risks: ["the operator of the cloud can write any registers that they like"],
    hardware: {
      tried: false,
      says: "never run on a cloud: tried with swtpm, which is what OpenStack runs",
    },
  },
};

function tdMeasurements(firmware: boolean): readonly Measurement[] {
  return [
    {
      layer: "firmware",
      what: "the virtual firmware",
      by: "Intel's TDX module at launch",
      register: "MRTD",
      root: "intel",
      pinned: firmware,
    },
    {
      layer: "firmware",
      what: "settings of the firmware and of the VM",
      by: "the virtual firmware",
      register: "RTMR 0",
      root: "intel",
      pinned: false,
    },
    {
      layer: "boot",
      what: "the unified kernel image that was started",
      by: "the virtual firmware",
      register: "RTMR 1",
      root: "intel",
      pinned: true,
    },
    {
      layer: "kernel",
      what: "kernel, initrd and command line",
      by: "systemd-stub and kernel",
      register: "RTMR 2",
      root: "intel",
      pinned: true,
    },
    {
      layer: "node",
      what: "cluster, role and name of the node",
      by: "the initramfs",
      register: "RTMR 3",
      root: "intel",
      pinned: false,
    },
  ];
}

function paravisorMeasurement(register: string, root: Measurement["root"]): Measurement {
  return {
    layer: "tpm",
    what: "the paravisor",
    by: "the CPU at launch",
    register,
    root,
    pinned: true,
  };
}
