/**
 * Which variant a machine is, by what it shows. The host can show what it likes:
 * a wrong guess makes evidence that no verifier takes, and nothing more.
 *
 * @module
 */

import type { VariantId } from "../variants/facts.ts";
import {
  type CloudId,
  CLOUDS,
  OF_CLOUD,
  type PartId,
  PARTS,
  partsOf,
  PLATFORMS,
} from "./platforms.ts";
import type { PlatformProbe } from "./probe.ts";
import { deviceError } from "./refused.ts";

/** The parts of which a machine has at most one: who protects its memory. */
const TEES: readonly PartId[] = ["sev_guest", "tdx_guest", "paravisor-snp", "paravisor-tdx"];

/**
 * The variant of a machine; never a lab's.
 *
 * @param probe What the machine shows.
 * @throws {UnavailableError} `device.platform_half`, `device.platform_contradiction`, `device.platform_unknown`, naming what is there and what is missing.
 */
export function detectVariant(probe: PlatformProbe): VariantId {
  const cloud = cloudOf(probe);
  const parts = partsOf(probe);
  refuseContradictions(cloud, parts);
  refuseDrivers(probe, parts);
  const tee = TEES.find((part) => parts.includes(part)) ?? null;
  const row = PLATFORMS.find((platform) => platform.cloud === cloud && platform.tee === tee);
  if (row === undefined) throw unknown(cloud, parts);
  const missing = row.needs.filter((part) => !parts.includes(part));
  if (missing.length > 0) throw half(cloud, parts, missing.map((part) => PARTS[part]));
  return row.variant;
}

function cloudOf({ dmi }: PlatformProbe): CloudId {
  return CLOUDS.find(({ is }) => is(dmi))?.id ?? "other";
}

/**
 * The name of the cloud or hypervisor for a person.
 *
 * @param probe What the machine shows.
 */
export function cloudName(probe: PlatformProbe): string {
  return nameOf(cloudOf(probe));
}

function nameOf(cloud: CloudId): string {
  return CLOUDS.find(({ id }) => id === cloud)?.name ?? "no cloud that is known here";
}

function refuseContradictions(cloud: CloudId, parts: readonly PartId[]): void {
  const tees = TEES.filter((part) => parts.includes(part));
  if (tees.length > 1) throw contradiction(tees.map((part) => PARTS[part]));
  const foreign = parts.find((part) => (OF_CLOUD[part] ?? cloud) !== cloud);
  if (foreign !== undefined) throw contradiction([nameOf(cloud), PARTS[foreign]]);
  // Azure gives TEEs behind a paravisor alone.
  const bare = tees.find((part) => part === "sev_guest" || part === "tdx_guest");
  if (cloud === "azure" && bare !== undefined) throw contradiction([nameOf(cloud), PARTS[bare]]);
}

/** A driver that found no TEE, and a device that gives no quotes: without them the machine would pass as a weaker one. */
function refuseDrivers(
  { provider, configfs, modules, devices }: PlatformProbe,
  parts: readonly PartId[],
): void {
  const [idle] = modules.filter((module) => provider !== module && !devices.includes(module));
  if (idle !== undefined) {
    const interfaces = `${configfs ? "an answer of configfs-tsm" : "configfs-tsm"} and the device`;
    throw halfOf(`the driver ${idle}`, `${interfaces} of it`);
  }
  if (provider === null && parts.includes("tdx_guest")) {
    throw halfOf("/dev/tdx_guest", "configfs-tsm, without which there are no quotes");
  }
}

function contradiction(both: readonly string[]): Error {
  const present = both.join(" and ");
  const message = `Cannot tell the variant: the machine shows ${present}, which exclude each other`;
  return deviceError("device.platform_contradiction", message, { present });
}

function half(cloud: CloudId, parts: readonly PartId[], missing: readonly string[]): Error {
  const present = [nameOf(cloud), ...parts.map((part) => PARTS[part])].join(", ");
  return halfOf(present, missing.join(" and "));
}

function halfOf(present: string, missing: string): Error {
  const message = `Cannot tell the variant: there is ${present}, and ${missing} is missing`;
  return deviceError("device.platform_half", message, { present, missing });
}

function unknown(cloud: CloudId, parts: readonly PartId[]): Error {
  const present = parts.length === 0
    ? "neither a TEE nor a TPM"
    : parts.map((part) => PARTS[part]).join(", ");
  const message = `Cannot tell the variant: the machine is of ${
    nameOf(cloud)
  } and has ${present}; name the variant, where you know it`;
  return deviceError("device.platform_unknown", message, { cloud: nameOf(cloud), present });
}
