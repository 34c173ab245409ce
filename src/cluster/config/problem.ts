/**
 * What is to be said of a configuration.
 *
 * @module
 */

import type { Remark } from "../../policy/remark.ts";

/** Something to say of a configuration, and where it stands. */
export interface Problem extends Remark {
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
}

/** A remark before its place is known. */
export type Found = Remark;

/**
 * Something that cannot stay.
 *
 * @param code A code of this folder.
 * @param key Key, dotted.
 * @param says What is wrong.
 */
export function error(code: string, key: string, says: string): Found {
  return { level: "error", code, key, says };
}

/**
 * Something that is hardly meant so.
 *
 * @param code Words with hyphens.
 * @param key Key, dotted.
 * @param says What it is.
 */
export function warning(code: string, key: string, says: string): Found {
  return { level: "warning", code, key, says };
}

/**
 * Something worth knowing.
 *
 * @param code Words with hyphens.
 * @param key Key, dotted.
 * @param says What it is.
 */
export function note(code: string, key: string, says: string): Found {
  return { level: "note", code, key, says };
}
