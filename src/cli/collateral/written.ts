/**
 * Addresses and spans of time as the command line writes them.
 *
 * @module
 */

import { SERVICES } from "../../collateral/services.ts";
import type { CollateralService } from "../../evidence/collateral.ts";
import { flagError } from "../input/given.ts";
import { MAX_AGE_FLAG, RECOVERY_FLAG, TIMEOUT_FLAG, URL_FLAG } from "./flags.ts";

/** Addresses to ask in place of the vendors', by service. */
export type Bases = Readonly<Partial<Record<CollateralService, string>>>;

/** Services that a mirror stands in for; the metadata service of a machine knows that machine alone. */
const MIRRORED: readonly CollateralService[] = ["amd-kds", "intel-pcs", "intel-certificates"];

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR };

/**
 * Reads addresses of mirrors; a bare one stands for all vendors.
 *
 * @param texts As `http://mirror:8081` or `intel-pcs=https://pccs:8081`.
 * @throws {InputError} `input.unknown`, `input.conflict`
 */
export function readBases(texts: readonly string[]): Bases {
  const bases: Partial<Record<CollateralService, string>> = {};
  for (const text of texts) {
    const [, name, url = ""] = /^(?:([^=:/]+)=)?(.*)$/s.exec(text) ?? [];
    for (const service of name === undefined ? MIRRORED : [serviceOf(name)]) {
      if (bases[service] !== undefined) throw twice(service);
      bases[service] = url;
    }
  }
  return bases;
}

function serviceOf(name: string): CollateralService {
  if (isService(name)) return name;
  const known = Object.keys(SERVICES).join(", ");
  const message = `Cannot use --${URL_FLAG}: ${
    JSON.stringify(name)
  } is no service; known are ${known}`;
  throw flagError("input.unknown", message, `--${URL_FLAG}`);
}

function isService(name: string): name is CollateralService {
  return Object.hasOwn(SERVICES, name);
}

function twice(service: string): Error {
  const message = `Cannot use --${URL_FLAG}: two addresses are given for ${service}`;
  return flagError("input.conflict", message, `--${URL_FLAG}`);
}

/**
 * Reads a span of whole hours or days.
 *
 * @param text As `12h` or `7d`.
 * @returns Milliseconds.
 * @throws {InputError} `input.value`
 */
export function readAge(text: string): number {
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? [];
  const length = UNITS[unit];
  if (length !== undefined) return Number(count) * length;
  const message = `Cannot use --${MAX_AGE_FLAG} ${
    JSON.stringify(text)
  }: expected hours or days, as 12h or 7d`;
  throw flagError("input.value", message, `--${MAX_AGE_FLAG}`);
}

/**
 * Reads how long to wait.
 *
 * @param text As `20s` or `5m`, up to an hour.
 * @returns Milliseconds.
 * @throws {InputError} `input.value`
 */
export function readTimeout(text: string): number {
  const [, count = "", unit = ""] = /^([1-9]\d{0,3})([sm])$/.exec(text) ?? [];
  const length = Number(count) * (unit === "m" ? 60_000 : 1000);
  if (unit !== "" && length <= HOUR) return length;
  const message = `Cannot use --${TIMEOUT_FLAG} ${
    JSON.stringify(text)
  }: expected seconds or minutes, an hour at most, as 20s or 5m`;
  throw flagError("input.value", message, `--${TIMEOUT_FLAG}`);
}

/**
 * Reads which TCB recovery is asked for.
 *
 * @param text `standard`, `early` or a number.
 * @throws {InputError} `input.value`
 */
export function readRecovery(text: string): "standard" | "early" | number {
  if (text === "standard" || text === "early") return text;
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  const message = `Cannot use --${RECOVERY_FLAG} ${
    JSON.stringify(text)
  }: expected standard, early or a TCB evaluation data number`;
  throw flagError("input.value", message, `--${RECOVERY_FLAG}`);
}

/** Where a server listens. */
export interface Listening {
  /** Name or address. */
  readonly hostname: string;
  /** Port; 0 takes a free one. */
  readonly port: number;
}

/**
 * Reads where to listen.
 *
 * @param text As `127.0.0.1:8081`, `[::1]:8081`.
 * @throws {InputError} `input.value`
 */
export function readListening(text: string): Listening {
  const [, v6, name, digits = ""] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(
    text,
  ) ?? [];
  const port = Number(digits);
  const hostname = v6 ?? name;
  if (hostname !== undefined && port <= 65_535) return { hostname, port };
  const message = `Cannot use --listen ${
    JSON.stringify(text)
  }: expected HOST:PORT, as 127.0.0.1:8081`;
  throw flagError("input.value", message, "--listen");
}

/**
 * A span of time in a few words.
 *
 * @param from Its start.
 * @param to Its end.
 */
export function spanOf(from: Date, to: Date): string {
  const minutes = Math.floor(Math.abs(to.getTime() - from.getTime()) / 60_000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return counted(minutes, "minute");
  if (minutes < 48 * 60) return counted(Math.floor(minutes / 60), "hour");
  return counted(Math.floor(minutes / (24 * 60)), "day");
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
