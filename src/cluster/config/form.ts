/**
 * The form of a cluster's configuration: what people write, in YAML.
 *
 * @module
 */

import {
  boolean,
  type Decoder,
  integer,
  type JsonSchema,
  list,
  object,
  oneNumber,
  oneOf,
  optional,
  required,
  text,
} from "../../core/decode.ts";
import { technologies } from "../../evidence/registry.ts";
import { policyDecoder } from "../../policy/policy.ts";
import { PROVIDERS } from "./providers.ts";
import { RANGE } from "./network.ts";

/** Nodes of one kind. */
export interface GroupConfig {
  /** What they are. */
  readonly role: "control-plane" | "worker";
  /** Variant; null for that of `attestation`. */
  readonly variant: string | null;
  /** Fewest. */
  readonly min: number;
  /** Most. */
  readonly max: number;
  /** Provider's kind of machine; empty where it has none. */
  readonly machine: string;
  /** Zone; empty for any. */
  readonly zone: string;
  /** Provider's kind of disk for their state; empty for its own choice. */
  readonly disk: string;
  /** Size of that disk, GiB. */
  readonly diskSize: number;
}

/** A class of encrypted storage. */
export interface StorageConfig {
  /** Provider's kind of disk. */
  readonly disk: string;
  /** File system. */
  readonly fileSystem: "ext4" | "xfs";
  /** Whether each sector is authenticated. */
  readonly integrity: boolean;
}

/** Networks. */
export interface NetworkConfig {
  /** How traffic between nodes is encrypted. */
  readonly encryption: "wireguard-strict";
  /** Addresses of nodes. */
  readonly nodes: string;
  /** Addresses of pods. */
  readonly pods: string;
  /** Addresses of services. */
  readonly services: string;
}

/** Who may replace a lost owner's key. */
export interface CustodiansConfig {
  /** How many must sign. */
  readonly threshold: number;
  /** Their public keys, PEM. */
  readonly keys: readonly string[];
}

/** Witnesses of the log, by name. */
export type WitnessesConfig = Readonly<Record<string, string>>;

/** The verification policy of members: variant, and the keys of a policy file. */
export interface AttestationConfig {
  /** Variant of groups that name none. */
  readonly variant: string;
  /** Keys of a policy, as they were read. */
  readonly [key: string]: unknown;
}

/** A configuration, read. */
export interface ClusterConfig {
  /** Version of the form. */
  readonly version: 1;
  /** Name. */
  readonly name: string;
  /** Section of the one provider. */
  readonly provider: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  /** Version of Kubernetes. */
  readonly kubernetes: string;
  /** Release of the nodes' image. */
  readonly image: string;
  /** What evidence must show. */
  readonly attestation: AttestationConfig;
  /** Node groups by name. */
  readonly nodeGroups: Readonly<Record<string, GroupConfig>>;
  /** Networks. */
  readonly network: NetworkConfig;
  /** Classes of storage by name. */
  readonly storageClasses: Readonly<Record<string, StorageConfig>>;
  /** SHA-256 of the workload policy; empty without. */
  readonly workloadPolicy: string;
  /** Witnesses of the log. */
  readonly witnesses: WitnessesConfig;
  /** Key that cosigns log heads; empty without. */
  readonly cosigningKey: string;
  /** Custodians; null for none. */
  readonly custodians: CustodiansConfig | null;
  /** Days for which a manifest made of it counts. */
  readonly validDays: number;
}

/** Names of groups: their nodes are called by them. */
export const GROUP_NAME = "[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?";
/** Names of other things. */
export const NAME = "[a-z0-9][a-z0-9.-]{0,62}";

const MACHINE = text(
  "[A-Za-z0-9][A-Za-z0-9._-]{0,62}",
  "a kind of machine as the provider calls it",
);
const DISK = text("[A-Za-z0-9_][A-Za-z0-9._-]{0,62}", "a kind of disk as the provider calls it");
const ZONE = text("[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "a zone as the provider calls it");
const VARIANT = oneOf(
  ...technologies.filter(({ facts }) => facts !== undefined).map(({ id }): string => id),
);
const DIGEST = text("[0-9a-f]{64}", "32 bytes in lowercase hex");
const PEM_KEY = text(
  "\\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\\s]{1,1000}-----END PUBLIC KEY-----\\s*",
  "a public key as owner.pub holds it",
);

const GROUP: Decoder<GroupConfig> = object<GroupConfig>({
  role: required(oneOf("control-plane", "worker"), "What the nodes of the group are"),
  variant: optional(VARIANT, null, "Variant of their evidence; that of attestation by default"),
  min: required(integer(0, 5000), "Fewest nodes"),
  max: required(integer(1, 5000), "Most nodes; no further one is admitted"),
  machine: optional(MACHINE, "", "Kind of machine, as the provider calls it"),
  zone: optional(ZONE, "", "Zone in which they are"),
  disk: optional(DISK, "", "Kind of disk for their encrypted state, as the provider calls it"),
  diskSize: optional(integer(10, 65_536), 30, "Size of that disk, GiB"),
});

const STORAGE: Decoder<StorageConfig> = object<StorageConfig>({
  disk: required(DISK, "Kind of disk, as the provider calls it"),
  fileSystem: optional(oneOf("ext4", "xfs"), "ext4", "File system"),
  integrity: optional(
    boolean(),
    true,
    "Whether each sector is authenticated, so that a changed one is noticed",
  ),
});

const NETWORK_DEFAULTS: NetworkConfig = {
  encryption: "wireguard-strict",
  nodes: "192.168.176.0/20",
  pods: "10.244.0.0/16",
  services: "10.96.0.0/12",
};

const NETWORK: Decoder<NetworkConfig> = object<NetworkConfig>({
  encryption: optional(
    oneOf("wireguard-strict"),
    NETWORK_DEFAULTS.encryption,
    "How traffic between nodes is encrypted; nothing leaves a node in clear",
  ),
  nodes: optional(RANGE, NETWORK_DEFAULTS.nodes, "Addresses of nodes"),
  pods: optional(RANGE, NETWORK_DEFAULTS.pods, "Addresses of pods; each node has 256 of them"),
  services: optional(RANGE, NETWORK_DEFAULTS.services, "Addresses of services"),
});

const CUSTODIANS: Decoder<CustodiansConfig> = object<CustodiansConfig>({
  threshold: required(integer(1, 16), "How many of them must sign"),
  keys: required(list(PEM_KEY, 16), "Their public keys of P-384, PEM"),
});

/** Keys of a policy that are not the configuration's to say: they follow from it. */
const NOT_WRITTEN: readonly string[] = ["version", "admitVariants", "allowLab", "tokens"];

const ATTESTATION: Decoder<AttestationConfig> = object<AttestationConfig>({
  variant: required(VARIANT, "Variant of the evidence of groups that name none"),
  ...Object.fromEntries(
    Object.entries(policyDecoder(technologies).keys ?? {})
      .filter(([name]) => !NOT_WRITTEN.includes(name)),
  ),
});

/** A map whose names are the user's: known to nobody before the file is there. */
interface NamedMap {
  /** Pattern of names. */
  readonly names: string;
  /** What stands below each. */
  readonly item: Decoder<unknown>;
  /** What is said of a name that is none. */
  readonly form: string;
}

/** The maps with names of the user's own. */
export const NAMED_MAPS: Readonly<Record<string, NamedMap>> = {
  nodeGroups: {
    names: GROUP_NAME,
    item: GROUP,
    form: "a name of at most 50 characters out of a-z, 0-9 and hyphen, none at its ends",
  },
  storageClasses: { names: NAME, item: STORAGE, form: "an id out of a-z, 0-9, dot and hyphen" },
  witnesses: { names: "[!-*,-~]{1,200}", item: DIGEST, form: "a name without blanks" },
};

/** Sections of providers: one of them. */
const PROVIDER_KEYS = Object.fromEntries(
  PROVIDERS.map(({ id, section, title }) => [id, optional(section, undefined, title)] as const),
);

/** A map with these names, as its file has them. */
function mapOf<T>(
  names: readonly string[],
  item: Decoder<T>,
  says: string,
): Decoder<Readonly<Record<string, T>>> {
  const keys = names.map((name) => [name, required(item, says)] as const);
  return object<Readonly<Record<string, T>>>(Object.fromEntries(keys));
}

/**
 * The decoder of a configuration whose maps have some names.
 *
 * @param names Names of each map, as the file has them.
 */
export function configDecoder(
  names: Readonly<Record<string, readonly string[]>>,
): Decoder<ClusterConfig> {
  const { nodeGroups = [], storageClasses = [], witnesses = [] } = names;
  return object<ClusterConfig>({
    version: required(oneNumber(1), "Version of the form of this file"),
    name: required(
      text(
        "[a-z](?:[a-z0-9-]{0,35}[a-z0-9])?",
        "a name of at most 37 characters out of a-z, 0-9 and hyphen",
      ),
      "Name of the cluster; what it owns at the provider is called by it",
    ),
    provider: required(
      object<ClusterConfig["provider"]>(PROVIDER_KEYS),
      "Who runs the machines",
    ),
    kubernetes: required(
      text("1\\.[0-9]{1,3}\\.[0-9]{1,3}", "a version as 1.34.2"),
      "Version of Kubernetes",
    ),
    image: required(
      text("[0-9A-Za-z][0-9A-Za-z.+_-]{0,62}", "a release as 1.4.0"),
      "Release of the nodes' image; its reference values go into the manifest",
    ),
    attestation: required(ATTESTATION, "What evidence of nodes must show"),
    nodeGroups: required(mapOf(nodeGroups, GROUP, "A node group"), "Node groups by name"),
    network: optional(NETWORK, NETWORK_DEFAULTS, "Networks"),
    storageClasses: optional(
      mapOf(storageClasses, STORAGE, "A class of encrypted storage"),
      {},
      "Classes of encrypted storage by name",
    ),
    workloadPolicy: optional(DIGEST, "", "SHA-256 of the policy of what may run on nodes"),
    witnesses: optional(
      mapOf(witnesses, DIGEST, "Key of a log witness"),
      {},
      "Ed25519 keys of log witnesses by name, 32 bytes in hex",
    ),
    cosigningKey: optional(
      DIGEST,
      "",
      "Ed25519 key with which you cosign log heads, 32 bytes in hex",
    ),
    custodians: optional(CUSTODIANS, null, "Who may replace a lost owner's key together"),
    validDays: optional(
      integer(1, 3650),
      365,
      "Days for which a manifest counts; then you must sign another",
    ),
  });
}

/** JSON Schema for editors; what goes together, casemate config check says. */
export function configSchema(): JsonSchema {
  const { schema } = configDecoder({});
  const properties: Readonly<Record<string, unknown>> = Object(schema["properties"]);
  const maps = Object.entries(NAMED_MAPS).map(([key, { names, item }]) => {
    const own: object = Object(properties[key]);
    const propertyNames = { pattern: `^(?:${names})$` };
    return [key, { ...own, properties: {}, additionalProperties: item.schema, propertyNames }];
  });
  const provider = { ...Object(properties["provider"]), minProperties: 1, maxProperties: 1 };
  return { ...schema, properties: { ...properties, ...Object.fromEntries(maps), provider } };
}
