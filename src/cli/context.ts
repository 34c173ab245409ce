/**
 * What a command receives, and how it says which exit code it ends with.
 *
 * @module
 */

import type { Host } from "../core/ports.ts";

/** What a command receives. */
export interface Context {
  /** The machine. */
  readonly host: Host;
  /**
   * Sets the exit code; without it a command ends with 0.
   *
   * @param exitCode As in the table of `casemate --help`.
   */
  readonly finish: (exitCode: number) => void;
}

/** Runs another command line of this program and gives its exit code. */
export type RunCommand = (args: readonly string[]) => Promise<number>;

/** Form in which a command answers. */
export type Format = "text" | "json";

/** The forms, the default first. */
export const FORMATS: readonly Format[] = ["text", "json"];
