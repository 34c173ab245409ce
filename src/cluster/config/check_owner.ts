/**
 * What is the owner's alone: custodians, how long manifests count, what is left out.
 *
 * @module
 */

import { error, type Found, note, warning } from "./problem.ts";
import type { ReadConfig } from "./read.ts";

/** Days beyond which an end is none. */
const LONG = 400;

/** Days below which signing is a chore. */
const SHORT = 14;

/**
 * Looks at custodians, times and storage.
 *
 * @param read The configuration.
 */
export function checkOwner({ config }: ReadConfig): readonly Found[] {
  return [...custodiansOf(config), ...daysOf(config), ...storageOf(config)];
}

type Config = ReadConfig["config"];

function custodiansOf({ custodians }: Config): readonly Found[] {
  if (custodians === null) {
    const says = "nobody can replace the owner's key: keep a copy of it apart";
    return [note("no-custodians", "custodians", says)];
  }
  const { threshold, keys } = custodians;
  const different = new Set(keys.map((key) => key.replaceAll(/\s/g, ""))).size;
  if (different < keys.length) {
    return [error("config.custodians", "custodians.keys", "has a key twice")];
  }
  if (threshold > keys.length) {
    const says = `is ${threshold}, and there are ${keys.length} keys`;
    return [error("config.custodians", "custodians.threshold", says)];
  }
  if (threshold > 1) return [];
  const says = "is 1: each custodian alone can take the cluster over";
  return [warning("one-custodian", "custodians.threshold", says)];
}

function daysOf({ validDays }: Config): readonly Found[] {
  if (validDays > LONG) {
    const says = `is ${validDays}: whoever holds back newer manifests can do so for that long`;
    return [warning("long-lived", "validDays", says)];
  }
  if (validDays >= SHORT) return [];
  const says = `is ${validDays}: nobody is admitted afterwards, until you sign another manifest`;
  return [note("short-lived", "validDays", says)];
}

function storageOf({ storageClasses }: Config): readonly Found[] {
  return Object.entries(storageClasses).filter(([, { integrity }]) => !integrity).map(([name]) =>
    warning(
      "no-integrity",
      `storageClasses.${name}.integrity`,
      "is false: whoever has the disk can change what is on it, unseen",
    )
  );
}
