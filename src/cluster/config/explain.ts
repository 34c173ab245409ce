/**
 * What a configuration comes to: each setting, what it means, what it weakens.
 *
 * @module
 */

import { type Decoder, joinPath, type Key } from "../../core/decode.ts";
import { explainPolicy } from "../../policy/explain.ts";
import { technologies } from "../../evidence/registry.ts";
import { type ClusterConfig, configDecoder } from "./form.ts";
import { meaningOf } from "./meanings.ts";
import type { ReadConfig } from "./read.ts";

/** A setting, explained. */
export interface ExplainedSetting {
  /** Key, dotted. */
  readonly key: string;
  /** What it is for. */
  readonly says: string;
  /** The value that counts; null where there is none. */
  readonly value: unknown;
  /** Whether it was written, or is the default. */
  readonly source: "default" | "file";
  /** What follows from it; null where nothing is known beyond what it is for. */
  readonly follows: string | null;
  /** Which values weaken it; null where none do. */
  readonly weaker: string | null;
  /** What this value costs; null where it is not weaker than the default. */
  readonly costs: string | null;
}

/**
 * Explains every setting, those of the policy that differ from the defaults.
 *
 * @param read The configuration.
 * @param value The file as plain data, which says what was written.
 * @param now The moment.
 */
export function explainConfig(
  { config, policy, provider }: ReadConfig,
  value: unknown,
  now: Date,
): readonly ExplainedSetting[] {
  const names = (map: object) => Object.keys(map);
  const decoder = configDecoder({
    nodeGroups: names(config.nodeGroups),
    storageClasses: names(config.storageClasses),
    witnesses: names(config.witnesses),
  });
  const keys = Object.fromEntries(
    Object.entries(decoder.keys ?? {}).map(([name, key]) =>
      name === "provider" ? [name, onlyProvider(key, provider.id)] : [name, key]
    ),
  );
  const { attestation: _, ...own } = keys;
  return [
    ...settingsIn(own, config, value, ""),
    ...attestationSettings(config, value),
    ...explainPolicy(policy, technologies, { now, variant: null }).settings
      .filter(({ key, source }) => key !== "admitVariants" && source !== "default")
      .map((setting) => ({
        key: `attestation.${setting.key}`,
        says: setting.says,
        value: setting.value,
        source: "file" as const,
        follows: meaningOf(`attestation.${setting.key}`)?.follows ?? null,
        weaker: meaningOf(`attestation.${setting.key}`)?.weaker ?? null,
        costs: setting.costs,
      })),
  ];
}

/** Sections of other providers are not there, and there is nothing to say of them. */
function onlyProvider(key: Key<unknown>, id: string): Key<unknown> {
  const inner = key.decoder.keys?.[id];
  if (inner === undefined) return key;
  const decoder: Decoder<unknown> = { ...key.decoder, keys: { [id]: inner } };
  return { ...key, decoder };
}

function attestationSettings(
  { attestation }: ClusterConfig,
  value: unknown,
): readonly ExplainedSetting[] {
  const key = configDecoder({}).keys?.["attestation"]?.decoder.keys?.["variant"];
  if (key === undefined) return [];
  const given = memberOf(memberOf(value, "attestation"), "variant");
  return [settingOf("attestation.variant", key, attestation.variant, given)];
}

function settingsIn(
  keys: Readonly<Record<string, Key<unknown>>>,
  read: unknown,
  given: unknown,
  path: string,
): readonly ExplainedSetting[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const here = joinPath(path, name);
    const value = memberOf(read, name);
    const written = memberOf(given, name);
    const inner = key.decoder.keys;
    if (inner === undefined || value === null || Object.keys(inner).length === 0) {
      return [settingOf(here, key, value, written)];
    }
    return settingsIn(inner, value, written, here);
  });
}

function settingOf(
  key: string,
  { says }: Key<unknown>,
  value: unknown,
  written: unknown,
): ExplainedSetting {
  const meaning = meaningOf(key);
  return {
    key,
    says,
    value: value ?? null,
    source: written === undefined ? "default" : "file",
    follows: meaning?.follows ?? null,
    weaker: meaning?.weaker ?? null,
    costs: null,
  };
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
