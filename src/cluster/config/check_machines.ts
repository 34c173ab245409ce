/**
 * Whether machines give the evidence that is asked of them.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import { technologies } from "../../evidence/registry.ts";
import type { GroupConfig } from "./form.ts";
import { namesAccount } from "./intent.ts";
import { error, type Found, note, warning } from "./problem.ts";
import type { MachineFamily, Provider } from "./providers.ts";
import { type ReadConfig, variantsIn } from "./read.ts";

/**
 * Looks at the variants and machines of groups.
 *
 * @param read The configuration.
 */
export function checkMachines(read: ReadConfig): readonly Found[] {
  const { config: { nodeGroups, attestation }, provider } = read;
  const groups = Object.entries(nodeGroups).flatMap(([name, group]) => [
    ...(group.variant === null
      ? []
      : variantOf(provider, group.variant, `nodeGroups.${name}.variant`)),
    ...machineOf(read, group, `nodeGroups.${name}`),
  ]);
  return [
    ...variantOf(provider, attestation.variant, "attestation.variant"),
    ...accountOf(read),
    ...accountProofOf(read),
    ...groups,
  ];
}

/** Where evidence names no account, the image alone tells own machines from those of others. */
function accountOf({ config, provider: { accountKey } }: ReadConfig): readonly Found[] {
  if (accountKey === null) return [];
  return variantsIn(config).filter((variant) => !namesAccount(variant)).map((variant) => {
    const says =
      `evidence of ${variant} names no ${accountKey}: a machine of anybody's that runs ` +
      "this image and is told this cluster's id can ask to be admitted";
    return note("no-account", "attestation.variant", says);
  });
}

/** An account that nothing can prove is one that no node is of. */
function accountProofOf(
  { config, policy, provider: { accountKey } }: ReadConfig,
): readonly Found[] {
  if (accountKey === null) return [];
  return variantsIn(config).flatMap((variant) => {
    const { accountProof } = technologies.find(({ id }) => id === variant) ?? {};
    if (accountProof === undefined) return [];
    const section: object = Object(Reflect.get(policy.read, variant));
    if (Reflect.get(section, accountProof) !== null) return [];
    const key = `attestation.${variant}.${accountProof}`;
    const says = `is not there: by it evidence of ${variant} proves its ${accountKey}, and ` +
      "without it no node is admitted";
    return [error("config.unfilled", key, says)];
  });
}

function variantOf({ id, variants }: Provider, variant: string, key: string): readonly Found[] {
  if (variants.includes(variant)) return [];
  const near = nearest(variant, variants);
  const hint = near === undefined ? `it has ${variants.join(", ")}` : `did you mean "${near}"?`;
  return [error("config.variant", key, `is ${variant}, which ${id} does not have; ${hint}`)];
}

function machineOf(read: ReadConfig, group: GroupConfig, at: string): readonly Found[] {
  const { provider, config: { attestation } } = read;
  const { machine } = group;
  const key = `${at}.machine`;
  if (!provider.namesMachines) {
    return machine === ""
      ? []
      : [warning("machine-unused", key, `${provider.id} has no kinds of machine`)];
  }
  if (machine === "") {
    const says = `is not there: ${provider.id} must be told which machines to make`;
    return [error("config.unfilled", key, says)];
  }
  const variant = group.variant ?? attestation.variant;
  if (provider.machines.length === 0) return [];
  const family = provider.machines.find((one) => one.variant === variant && one.name.test(machine));
  if (family === undefined) return [unknownMachine(provider, machine, variant, key)];
  return lineOf(read, family, machine, key);
}

/** Providers have new machines each year, so that one which is not known is no error. */
function unknownMachine(
  { machines, id }: Provider,
  machine: string,
  variant: string,
  key: string,
): Found {
  const gives = machines.find(({ name }) => name.test(machine))?.variant;
  const other = gives === undefined ? "" : `; it is known to give ${gives}`;
  const says =
    `${machine} is none of the machines of ${id} that are known to give ${variant}${other}`;
  return warning("machine-unknown", key, says);
}

function lineOf(
  { policy }: ReadConfig,
  { line, variant }: MachineFamily,
  machine: string,
  key: string,
): readonly Found[] {
  if (line !== "milan" || policy.read.acceptCompromised.milan !== undefined) return [];
  const says = `${machine} runs on EPYC Milan, whose signing keys can be extracted, so that no ` +
    `evidence of ${variant} from it is trusted; take machines of a later line, or accept the ` +
    "risk with attestation.acceptCompromised: { milan: DAY }";
  return [warning("milan", key, says)];
}
