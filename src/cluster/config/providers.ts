/**
 * The providers: what a configuration says of each, what evidence their
 * machines give, and on whose word that rests. A new provider is one entry.
 *
 * @module
 */

import {
  type Decoder,
  integer,
  object,
  oneOf,
  optional,
  required,
  text,
} from "../../core/decode.ts";

/** Product lines of AMD whose status differs. */
export type ProductLine = "milan" | "genoa";

/** A family of machines. */
export interface MachineFamily {
  /** Names of its machines. */
  readonly name: RegExp;
  /** Variant that they give. */
  readonly variant: string;
  /** Product line of their processor; null where it has no status of its own. */
  readonly line: ProductLine | null;
}

/** What is written for a group that is generated. */
export interface MachineDefaults {
  /** Kind of machine; empty where the provider has none. */
  readonly machine: string;
  /** Zone; empty for the user to say. */
  readonly zone: string;
  /** Kind of disk. */
  readonly disk: string;
}

/** A provider. */
export interface Provider {
  /** Id, as `gcp`. */
  readonly id: string;
  /** Full name. */
  readonly title: string;
  /** Variants of its machines, the one that is generated first. */
  readonly variants: readonly [string, ...string[]];
  /** Its section. */
  readonly section: Decoder<Readonly<Record<string, unknown>>>;
  /** Key of the section that is the account which evidence must name; null where it names none. */
  readonly accountKey: string | null;
  /** What is written into a generated section: values, empty for the user to say. */
  readonly example: Readonly<Record<string, string | number>>;
  /** Families of machines that are known; none where any will do. */
  readonly machines: readonly MachineFamily[];
  /** Whether groups name a kind of machine. */
  readonly namesMachines: boolean;
  /** What is generated for groups, by variant. */
  readonly defaults: Readonly<Record<string, MachineDefaults>>;
}

const UUID = text(
  "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
  "an id as 0e61a9b3-5c1f-4d0c-9f0e-2f5d0a4c7b11",
);
const WORD = text("[A-Za-z0-9][A-Za-z0-9._()-]{0,89}", "a name");
const PATH = text("[^\\u0000-\\u001f]{1,1000}", "a path");

type Section = Readonly<Record<string, unknown>>;

const AWS: Provider = {
  id: "aws",
  title: "Amazon Web Services",
  variants: ["aws-sev-snp", "aws-nitro-tpm"],
  section: object<Section>({
    account: required(
      text("[0-9]{12}", "an account of AWS, 12 digits"),
      "Account; the identity document of each node must name it",
    ),
    region: required(text("[a-z]{2,}(?:-[a-z0-9]+)+", "a region as eu-west-1"), "Region"),
  }),
  accountKey: "account",
  example: { account: "", region: "eu-west-1" },
  machines: [
    { name: /^[mcr]6a\./, variant: "aws-sev-snp", line: "milan" },
    { name: /^[a-z0-9-]+\.[a-z0-9-]+$/, variant: "aws-nitro-tpm", line: null },
  ],
  namesMachines: true,
  defaults: {
    "aws-sev-snp": { machine: "m6a.xlarge", zone: "eu-west-1a", disk: "gp3" },
    "aws-nitro-tpm": { machine: "m6i.xlarge", zone: "eu-west-1a", disk: "gp3" },
  },
};

const AZURE: Provider = {
  id: "azure",
  title: "Microsoft Azure",
  variants: ["azure-sev-snp", "azure-tdx", "azure-trusted-launch"],
  section: object<Section>({
    subscription: required(UUID, "Subscription"),
    tenant: required(UUID, "Tenant"),
    location: required(text("[a-z0-9]{3,40}", "a location as westeurope"), "Location"),
    resourceGroup: required(WORD, "Resource group, which the cluster gets for itself"),
  }),
  accountKey: null,
  example: { subscription: "", tenant: "", location: "westeurope", resourceGroup: "casemate" },
  machines: [
    {
      name: /^Standard_[DE]C[0-9]+(?:-[0-9]+)?ad?s_(?:cc_)?v5$/,
      variant: "azure-sev-snp",
      line: "milan",
    },
    { name: /^Standard_[DE]C[0-9]+(?:-[0-9]+)?ad?s_v6$/, variant: "azure-sev-snp", line: "genoa" },
    { name: /^Standard_[DE]C[0-9]+(?:-[0-9]+)?ed?s_v[56]$/, variant: "azure-tdx", line: null },
    { name: /^Standard_[A-Z]+[0-9]+/, variant: "azure-trusted-launch", line: null },
  ],
  namesMachines: true,
  defaults: {
    "azure-sev-snp": { machine: "Standard_DC4as_v6", zone: "1", disk: "Premium_LRS" },
    "azure-tdx": { machine: "Standard_DC4es_v6", zone: "1", disk: "Premium_LRS" },
    "azure-trusted-launch": { machine: "Standard_D4as_v5", zone: "1", disk: "Premium_LRS" },
  },
};

const GCP: Provider = {
  id: "gcp",
  title: "Google Cloud",
  variants: ["gcp-sev-snp", "gcp-tdx", "gcp-sev-es"],
  section: object<Section>({
    project: required(
      text("(?:[a-z0-9.-]{1,100}:)?[a-z][a-z0-9-]{4,62}", "a project's id as my-project"),
      "Project; the certificate of each node's attestation key must name it",
    ),
    region: required(text("[a-z]+-[a-z0-9]+", "a region as europe-west3"), "Region"),
  }),
  accountKey: "project",
  example: { project: "", region: "europe-west3" },
  machines: [
    { name: /^(?:n2d|c2d)-/, variant: "gcp-sev-snp", line: "milan" },
    { name: /^c3-standard-/, variant: "gcp-tdx", line: null },
    { name: /^(?:n2d|c2d|c3d|c4d)-/, variant: "gcp-sev-es", line: null },
  ],
  namesMachines: true,
  defaults: {
    "gcp-sev-snp": { machine: "n2d-standard-4", zone: "europe-west3-b", disk: "pd-ssd" },
    "gcp-tdx": { machine: "c3-standard-4", zone: "europe-west4-b", disk: "pd-balanced" },
    "gcp-sev-es": { machine: "n2d-standard-4", zone: "europe-west3-b", disk: "pd-ssd" },
  },
};

const OPENSTACK: Provider = {
  id: "openstack",
  title: "OpenStack",
  variants: ["openstack"],
  section: object<Section>({
    cloud: required(WORD, "Name of the cloud in clouds.yaml"),
    cloudsFile: optional(PATH, "clouds.yaml", "Where clouds.yaml is"),
    floatingNetwork: required(WORD, "Network of which floating addresses are taken, name or id"),
  }),
  accountKey: null,
  example: { cloud: "", cloudsFile: "clouds.yaml", floatingNetwork: "" },
  machines: [],
  namesMachines: true,
  defaults: { "openstack": { machine: "", zone: "nova", disk: "__DEFAULT__" } },
};

const STACKIT: Provider = {
  id: "stackit",
  title: "STACKIT",
  variants: ["openstack"],
  section: object<Section>({
    project: required(UUID, "Project of STACKIT"),
    region: required(WORD, "Region"),
    cloud: required(WORD, "Name of the cloud in clouds.yaml"),
  }),
  accountKey: null,
  example: { project: "", region: "eu01", cloud: "stackit" },
  machines: [],
  namesMachines: true,
  defaults: {
    "openstack": { machine: "m1a.4cd", zone: "eu01-1", disk: "storage_premium_perf6" },
  },
};

const QEMU: Provider = {
  id: "qemu",
  title: "QEMU on this machine",
  variants: ["qemu-vtpm", "sev-snp", "tdx"],
  section: object<Section>({
    vcpus: optional(integer(1, 512), 2, "Processors of each node"),
    memory: optional(integer(1024, 1_048_576), 4096, "Memory of each node, MiB"),
    firmware: optional(PATH, null, "Firmware; left out for the one that the image brings"),
  }),
  accountKey: null,
  example: { vcpus: 2, memory: 4096 },
  machines: [],
  namesMachines: false,
  defaults: {},
};

const LAB: Provider = {
  id: "lab",
  title: "Lab on this machine: processes instead of machines",
  variants: ["gcp-sev-snp"],
  section: object<Section>({
    project: required(
      text("[a-z][a-z0-9-]{4,62}", "a project's id as casemate-lab"),
      "Project that the lab's certificates name",
    ),
    store: optional(oneOf("etcd", "memory"), "etcd", "Where the cluster's state is kept"),
  }),
  accountKey: "project",
  example: { project: "casemate-lab", store: "etcd" },
  machines: [],
  namesMachines: false,
  defaults: {},
};

/** The providers, in the order in which they are listed. */
export const PROVIDERS: readonly Provider[] = [AWS, AZURE, GCP, OPENSTACK, STACKIT, QEMU, LAB];

/** The lab's id: its clusters have the lab's label in their ids. */
export const LAB_PROVIDER = "lab";

/** What a group has where its provider says nothing of machines. */
export const NO_DEFAULTS: MachineDefaults = { machine: "", zone: "", disk: "" };
