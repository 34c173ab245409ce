/**
 * What a log claims, for a person: each claim with who measured it, and where.
 *
 * @module
 */

import type { ShownSection } from "../../core/shown.ts";
import type { LogClaims } from "./claims.ts";
import type { Registers } from "./event_log.ts";
import { registerName } from "./registers.ts";
import type { BelievedDigests, Origin } from "./trusted_events.ts";

/** A claim, told. */
interface Told {
  /** Name, who measured it, claim. */
  readonly row: readonly [string, string, string];
  /** Whether the firmware had handed over. */
  readonly late: boolean;
}

/** Most images of one kind that are listed; all stand in the result. */
const MOST_IMAGES = 8;

const EARLY = "What the event log claims, by the firmware's word";

/** Who is named may have measured it; so may any program that could use the TPM since. */
const LATE = "What the event log claims of later, which whatever ran since could have measured";

/**
 * Tells the claims of a log whose registers a quote confirms: those from before the
 * firmware handed over apart from those from behind, which prove less.
 *
 * @param claims The claims.
 * @param registers Kind of registers.
 * @returns No section where nothing is claimed.
 */
export function tellClaims(claims: LogClaims, registers: Registers): readonly ShownSection[] {
  const told = [
    ...tellSecureBoot(claims, registers),
    ...tellImages("Driver", claims.drivers, registers),
    ...tellImages("Booted", claims.applications, registers),
    ...tellKernel(claims, registers),
  ];
  return [
    ...sectionOf(EARLY, told.filter(({ late }) => !late)),
    ...sectionOf(LATE, told.filter(({ late }) => late)),
  ];
}

function sectionOf(title: string, told: readonly Told[]): readonly ShownSection[] {
  if (told.length === 0) return [];
  const table = { columns: ["", "measured by", "claim"], rows: told.map(({ row }) => row) };
  return [{ title, rows: [], table }];
}

function claimOf(name: string, claim: string, origin: Origin, registers: Registers): Told {
  return { row: [name, originOf(origin, registers), claim], late: origin.handedOver };
}

function tellSecureBoot(claims: LogClaims, registers: Registers): readonly Told[] {
  const { secureBoot, signatureDatabases } = claims;
  const state = secureBoot === null
    ? []
    : [claimOf("Secure Boot", secureBoot.enabled ? "on" : "off", secureBoot, registers)];
  return [
    ...state,
    ...signatureDatabases.map((one) => claimOf(one.name, contentsOf(one), one, registers)),
  ];
}

function contentsOf(
  { bytes, certificateCount, hashCount, otherCount }: LogClaims["signatureDatabases"][number],
): string {
  if (bytes === 0) return "not set";
  const parts: readonly (readonly [number, string])[] = [
    [certificateCount, "certificate"],
    [hashCount, "hash"],
    [otherCount, "other"],
  ];
  const plural = (count: number, one: string): string =>
    count === 1 || one === "other" ? one : one === "hash" ? "hashes" : `${one}s`;
  return parts.filter(([count]) => count > 0)
    .map(([count, one]) => `${count} ${plural(count, one)}`).join(", ");
}

function tellImages(
  name: string,
  images: LogClaims["applications"],
  registers: Registers,
): readonly Told[] {
  const told = images.slice(0, MOST_IMAGES)
    .map((image) => claimOf(name, digestOf(image.digests), image, registers));
  const [next] = images.slice(MOST_IMAGES);
  if (next === undefined) return told;
  const more = images.length - told.length;
  return [...told, { row: [name, "", `and ${more} more`], late: next.handedOver }];
}

function tellKernel(
  { unifiedKernel, commandLine, bootServicesExit }: LogClaims,
  registers: Registers,
): readonly Told[] {
  const sections = unifiedKernel === null
    ? []
    : unifiedKernel.sections.map(({ name, digests }) =>
      claimOf(name, digestOf(digests), unifiedKernel, registers)
    );
  const line = commandLine === null
    ? []
    : [claimOf("Command line", commandLine.text, commandLine, registers)];
  const left = bootServicesExit === null
    ? []
    : [claimOf("Boot services", "left", bootServicesExit, registers)];
  return [...sections, ...line, ...left];
}

/** The digest of the first bank, shortened; all stand whole in the result. */
function digestOf(digests: BelievedDigests): string {
  const [first] = Object.entries(digests);
  if (first === undefined) return "no digest of a quoted bank";
  const [bank, digest] = first;
  return `${bank}:${digest.slice(0, 16)}…${digest.slice(-8)}`;
}

function originOf({ by, register, complete }: Origin, registers: Registers): string {
  const place = `${by}, ${registerName(registers, register)}`;
  return complete ? place : `${place} (not alone)`;
}
