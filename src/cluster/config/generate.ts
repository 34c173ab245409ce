/**
 * Writes a configuration to begin with: complete but for what only its owner
 * can know, with a comment for whatever weakens it.
 *
 * @module
 */

import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import { comment } from "../../policy/comment.ts";
import { DEFAULT_ROOTS, rootCost } from "../../policy/policy.ts";
import { rootsOf } from "../../policy/needs.ts";
import { keyAt } from "../../policy/settings.ts";
import { LAB_PROVIDER, type MachineFamily, NO_DEFAULTS, type Provider } from "./providers.ts";

/** File that the first line of a configuration names for editors. */
export const SCHEMA_FILE = "casemate-config.schema.json";

/** What is to be written. */
export interface DraftOptions {
  /** Name of the cluster. */
  readonly name: string;
  /** Variant; one of the provider's. */
  readonly variant: string;
  /** Version of Kubernetes. */
  readonly kubernetes: string;
  /** Release of the image; empty for the user to say. */
  readonly image: string;
}

/**
 * Writes the configuration as YAML.
 *
 * @param provider The provider.
 * @param options What it is for.
 */
export function draftConfig(provider: Provider, options: DraftOptions): string {
  const { name, variant, kubernetes, image } = options;
  const lab = provider.id === LAB_PROVIDER;
  return [
    `# yaml-language-server: $schema=${SCHEMA_FILE}`,
    ...comment(
      `Cluster on ${provider.title}. Editors complete and check this file with the schema of the ` +
        `line above (casemate config schema --out ${SCHEMA_FILE}); casemate config check says ` +
        'all that is wrong with it, and casemate config explain what each key means. "" is yours to fill in.',
    ),
    "version: 1",
    `name: ${name}`,
    "",
    ...providerLines(provider),
    "",
    ...comment("What runs: Kubernetes, and the release of the nodes' image."),
    `kubernetes: ${kubernetes}`,
    `image: ${quoted(image)}`,
    "",
    ...attestationLines(provider, variant),
    "",
    ...groupLines(provider, variant, lab),
    "",
    ...networkLines(),
    "",
    ...storageLines(provider, variant),
    ...ownerLines(),
    "",
  ].join("\n");
}

function providerLines({ id, section, example }: Provider): readonly string[] {
  const lines = Object.entries(example).flatMap(([key, value]) => [
    ...comment(`${keyAt(section, key)?.says ?? ""}.`, "    "),
    `    ${key}: ${typeof value === "number" ? value : quoted(value)}`,
  ]);
  return [...comment("Who runs the machines."), "provider:", `  ${id}:`, ...lines];
}

function attestationLines({ machines, defaults }: Provider, variant: string): readonly string[] {
  const technology: AnyTechnology | undefined = technologies.find(({ id }) => id === variant);
  const roots = technology === undefined ? [] : rootsOf(technology);
  const weaker = roots.filter((root) => !DEFAULT_ROOTS.includes(root));
  const machine = defaults[variant]?.machine ?? "";
  const family = machines.find((one) => one.variant === variant && one.name.test(machine));
  return [
    ...comment(
      `What nodes must prove. A trusted verdict on ${variant} means: ${technology?.facts?.trusted}.`,
    ),
    "attestation:",
    `  variant: ${variant}`,
    ...comment(`Roots of trust: without what is listed here no node is admitted.`, "  "),
    ...weaker.flatMap((root) =>
      comment(`WEAKER: ${root} – ${rootCost(root)}. ${variant} does not do without.`, "  ")
    ),
    `  acceptRoots: [${roots.join(", ")}]`,
    ...milanLines(family, machine),
    ...proofLines(technology),
  ];
}

/** What the provider publishes and no program can know for good. */
function proofLines(technology: AnyTechnology | undefined): readonly string[] {
  const { id, policy, accountProof } = technology ?? {};
  if (id === undefined || policy === undefined || accountProof === undefined) return [];
  const says = keyAt(policy, accountProof)?.says ?? "";
  return [
    `  ${id}:`,
    ...comment(
      `${says}: the provider's documentation has it. Without it no account is proven, and no ` +
        `node admitted. Write "${accountProof}: |" and the PEM below it, indented.`,
      "    ",
    ),
    `    ${accountProof}: ""`,
  ];
}

/** What is compromised is accepted by whoever says so, and not by a generator. */
function milanLines(family: MachineFamily | undefined, machine: string): readonly string[] {
  if (family?.line !== "milan") return [];
  return [
    ...comment(
      `WEAKER, and yours to decide: ${machine} runs on EPYC Milan, whose signing keys can be ` +
        "extracted, so that whoever did that can forge its evidence. Until you accept that, to a " +
        "day, no such machine is admitted.",
      "  ",
    ),
    "  # acceptCompromised: { milan: 2027-06-30 }",
  ];
}

function groupLines(provider: Provider, variant: string, lab: boolean): readonly string[] {
  return [
    ...comment(
      "Nodes, by group; node names are GROUP-1, GROUP-2, … No more than max are ever admitted. " +
        "Control planes: 1, 3 or 5, so that more than half are left when one fails.",
    ),
    "nodeGroups:",
    ...groupOf(provider, variant, { name: "control-plane", min: lab ? 1 : 3, max: 3 }),
    ...groupOf(provider, variant, { name: "worker", min: lab ? 0 : 1, max: lab ? 5 : 10 }),
  ];
}

interface Counts {
  readonly name: "control-plane" | "worker";
  readonly min: number;
  readonly max: number;
}

function groupOf(provider: Provider, variant: string, { name, min, max }: Counts) {
  const { machine, zone, disk } = provider.defaults[variant] ?? NO_DEFAULTS;
  const machines = provider.namesMachines
    ? [
      `    machine: ${quoted(machine)}`,
      `    zone: ${quoted(zone)}`,
      `    disk: ${quoted(disk)}`,
      "    diskSize: 30",
    ]
    : [];
  return [
    `  ${name}:`,
    `    role: ${name}`,
    `    min: ${min}`,
    `    max: ${max}`,
    ...machines,
  ];
}

function networkLines(): readonly string[] {
  return [
    ...comment(
      "Addresses; they must not overlap. Traffic between nodes is encrypted, always: nothing " +
        "leaves a node in clear.",
    ),
    "network:",
    "  encryption: wireguard-strict",
    "  nodes: 192.168.176.0/20",
    "  pods: 10.244.0.0/16",
    "  services: 10.96.0.0/12",
  ];
}

function storageLines({ defaults }: Provider, variant: string): readonly string[] {
  const disk = defaults[variant]?.disk ?? "";
  if (disk === "") return [];
  return [
    ...comment(
      "Classes of storage. Volumes are encrypted inside of the node; with integrity a sector that " +
        "somebody changed is noticed, at the price of some speed.",
    ),
    "storageClasses:",
    "  encrypted:",
    `    disk: ${disk}`,
    "    fileSystem: ext4",
    "    integrity: true",
    "",
  ];
}

function ownerLines(): readonly string[] {
  return [
    ...comment(
      "Days for which a manifest counts. Afterwards nobody is admitted until you sign another.",
    ),
    "validDays: 365",
    "",
    ...comment(
      "If you lose the owner's key: who may replace it, so many of them together. Without this " +
        "nobody can. Public keys as casemate owner new writes them.",
    ),
    "# custodians:",
    "#   threshold: 2",
    "#   keys:",
    "#     - |",
    "#       -----BEGIN PUBLIC KEY-----",
    "#       …",
    "#       -----END PUBLIC KEY-----",
  ];
}

/** Words that YAML reads as what they look like need no quotes. */
function quoted(text: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/.test(text) ? text : JSON.stringify(text);
}
