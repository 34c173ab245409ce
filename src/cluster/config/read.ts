/**
 * Reads a configuration: everything that is wrong with its form, or what it says.
 *
 * @module
 */

import { type DecodeError, type Decoder, joinPath, nearest } from "../../core/decode.ts";
import { technologies } from "../../evidence/registry.ts";
import { readWhole, type WholePolicy } from "../../policy/policy.ts";
import { problemsIn } from "../../policy/problems.ts";
import { isObject, settle } from "../../policy/settle.ts";
import { type ClusterConfig, configDecoder, NAMED_MAPS } from "./form.ts";
import { error, type Found } from "./problem.ts";
import { type Provider, PROVIDERS } from "./providers.ts";

/** A configuration whose form is right. */
export interface ReadConfig {
  /** What it says, defaults filled in. */
  readonly config: ClusterConfig;
  /** Its provider. */
  readonly provider: Provider;
  /** Section of the provider. */
  readonly section: Readonly<Record<string, unknown>>;
  /** The verification policy of members, as a policy file would say it. */
  readonly policy: WholePolicy;
  /** The policy document. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** What came of reading. */
export type Reading =
  | { readonly problems: readonly Found[]; readonly read: null }
  | { readonly problems: readonly []; readonly read: ReadConfig };

/**
 * Reads a configuration.
 *
 * @param value Plain data.
 * @param now The moment: settings with an end that is over have their default.
 */
export function readConfig(value: unknown, now: Date): Reading {
  const names = namesIn(value);
  const decoder = configDecoder(names);
  const problems = [
    ...wrongNames(names),
    ...problemsIn(value, decoder).filter(({ message }) => message !== MISSING)
      .map((one) => problemOf(one, value)),
    ...missingIn(value, decoder, ""),
    ...providerProblems(value),
    ...noGroups(value),
  ];
  if (problems.length > 0) return { problems, read: null };
  const config = decoder.decode(settle(value, decoder, now).document, "");
  return { problems: [], read: whole(config, value, now) };
}

/** What decoders say of a key that must be there. */
const MISSING = "is required";

/** All keys that are not there, not the first of them alone; what is no map is told by its decoder. */
function missingIn(
  value: unknown,
  { keys = {} }: Decoder<unknown>,
  path: string,
): readonly Found[] {
  if (!isObject(value)) return [];
  return Object.entries(keys).flatMap(([name, { decoder, absent }]) => {
    const here = joinPath(path, name);
    const inner = memberOf(value, name);
    if (inner !== undefined) return missingIn(inner, decoder, here);
    return absent === undefined ? [error("config.unfilled", here, "is not there")] : [];
  });
}

/** Names of maps, as the file has them; what is no map is told by its decoder. */
function namesIn(value: unknown): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.keys(NAMED_MAPS).map((key) => {
      const map = memberOf(value, key);
      return [key, isObject(map) ? Object.keys(map) : []];
    }),
  );
}

function wrongNames(names: Readonly<Record<string, readonly string[]>>): readonly Found[] {
  return Object.entries(NAMED_MAPS).flatMap(([key, map]) => {
    const pattern = new RegExp(`^(?:${map.names})$`);
    return (names[key] ?? []).filter((name) => !pattern.test(name))
      .map((name) => error("config.value", `${key}.${name}`, `is no name: expected ${map.form}`));
  });
}

/** Where nothing was filled in, it says that rather than which form is wanted of nothing. */
function problemOf({ path, reason, message }: DecodeError, value: unknown): Found {
  if (reason === "unknown_key") return error("config.unknown_key", path, message);
  if (path === "version") return error("config.version", path, message);
  const given = valueAt(value, path);
  const form = /^expected (.+?), got /s.exec(message)?.[1];
  if (form !== undefined && (given === "" || given === null)) {
    return error("config.unfilled", path, `is not filled in: expected ${form}`);
  }
  return error("config.value", path, `${message}${meantOf(given, form)}`);
}

/** Of words that are taken, the one that a misspelt one is nearly. */
function meantOf(given: unknown, form = ""): string {
  const words = form.split(" or ").flatMap((word) => /^"([^"]+)"$/.exec(word)?.[1] ?? []);
  const near = typeof given === "string" ? nearest(given, words) : undefined;
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

/** What evidence is admitted follows from the groups: of none nothing does. */
function noGroups(value: unknown): readonly Found[] {
  const groups = memberOf(value, "nodeGroups");
  if (!isObject(groups) || Object.keys(groups).length > 0) return [];
  return [error("config.groups", "nodeGroups", "has no group of role control-plane")];
}

function valueAt(value: unknown, path: string): unknown {
  const names = path.replaceAll(/\[([0-9]+)\]/g, ".$1").split(".");
  return names.reduce(
    (inner: unknown, name) => Array.isArray(inner) ? inner[Number(name)] : memberOf(inner, name),
    value,
  );
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function providerProblems(value: unknown): readonly Found[] {
  const sections = memberOf(value, "provider");
  if (!isObject(sections)) return [];
  const known = PROVIDERS.map(({ id }) => id);
  const given = Object.keys(sections).filter((id) => known.includes(id));
  if (given.length === 1) return [];
  const says = given.length === 0
    ? `names none: expected one of ${known.join(", ")}`
    : `names ${given.join(" and ")}: a cluster has one`;
  return [error("config.provider", "provider", says)];
}

function whole(config: ClusterConfig, value: unknown, now: Date): ReadConfig {
  const provider = PROVIDERS.find(({ id }) => config.provider[id] !== undefined);
  if (provider === undefined) throw new TypeError("Cannot read a configuration without provider");
  const document = policyDocument(config, memberOf(value, "attestation"));
  return {
    config,
    provider,
    section: config.provider[provider.id] ?? {},
    document,
    policy: readWhole(document, technologies, "of the configuration", now),
  };
}

/** Variants that groups have, each once. */
export function variantsIn({ nodeGroups, attestation }: ClusterConfig): readonly string[] {
  const own = Object.values(nodeGroups).map(({ variant }) => variant ?? attestation.variant);
  return [...new Set(own)];
}

/** As it was written, so that ends and reasons of exceptions go along. */
function policyDocument(config: ClusterConfig, written: unknown): ReadConfig["document"] {
  const { variant: _, ...keys } = Object.fromEntries(Object.entries(Object(written)));
  return { version: 1, admitVariants: variantsIn(config), ...keys };
}
