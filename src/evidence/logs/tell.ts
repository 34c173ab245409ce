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

/** Name, who measured it, claim. */
type Row = readonly [string, string, string];

/** Most images of one kind that are listed; all stand in the result. */
const MOST_IMAGES = 8;

/**
 * Tells the claims of a log whose registers a quote confirms.
 *
 * @param claims The claims.
 * @param registers Kind of registers.
 * @returns One section; none where nothing is claimed.
 */
export function tellClaims(claims: LogClaims, registers: Registers): readonly ShownSection[] {
  const rows = [
    ...tellSecureBoot(claims, registers),
    ...tellImages("Driver", claims.drivers, registers),
    ...tellImages("Booted", claims.applications, registers),
    ...tellKernel(claims, registers),
  ];
  if (rows.length === 0) return [];
  const table = { columns: ["", "measured by", "claim"], rows };
  return [{ title: "What the event log claims", rows: [], table }];
}

function tellSecureBoot(claims: LogClaims, registers: Registers): readonly Row[] {
  const { secureBoot, signatureDatabases } = claims;
  const state = secureBoot === null
    ? []
    : [{ name: "Secure Boot", value: secureBoot.enabled ? "on" : "off", origin: secureBoot }];
  const databases = signatureDatabases.map((one) => ({
    name: one.name,
    value: contentsOf(one),
    origin: one,
  }));
  return [...state, ...databases].map(({ name, value, origin }) => [
    name,
    originOf(origin, registers),
    value,
  ]);
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
): readonly Row[] {
  const rows = images.slice(0, MOST_IMAGES).map((image): Row => [
    name,
    originOf(image, registers),
    digestOf(image.digests),
  ]);
  const more = images.length - rows.length;
  return more > 0 ? [...rows, [name, "", `and ${more} more`]] : rows;
}

function tellKernel(
  { unifiedKernel, commandLine, bootServicesExit }: LogClaims,
  registers: Registers,
): readonly Row[] {
  const sections = unifiedKernel === null ? [] : unifiedKernel.sections.map(
    ({ name, digests }): Row => [name, originOf(unifiedKernel, registers), digestOf(digests)],
  );
  const line: readonly Row[] = commandLine === null
    ? []
    : [["Command line", originOf(commandLine, registers), commandLine.text]];
  const left: readonly Row[] = bootServicesExit === null
    ? []
    : [["Boot services", originOf(bootServicesExit, registers), "left"]];
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
