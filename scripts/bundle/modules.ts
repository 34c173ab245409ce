/**
 * Modules that an entry leads to, as `deno info` tells them.
 *
 * @module
 */

import { output } from "../process.ts";

/** A module as `deno info` tells it. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

/** Modules below an entry, as URLs. */
export interface Modules {
  /** All that may ever run. */
  readonly all: readonly string[];
  /** Those that are loaded with it. */
  readonly always: readonly string[];
}

/**
 * Walks the graph of an entry. What is imported for its types alone has no code.
 *
 * @param entry Path of its module.
 */
export async function modulesOf(entry: string): Promise<Modules> {
  const graph: unknown = JSON.parse(await output("deno", ["info", "--json", entry]));
  const { roots = [], modules = [] } = graph as {
    readonly roots?: readonly string[];
    readonly modules?: readonly Module[];
  };
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const reached = (dynamic: boolean): readonly string[] => {
    const found = new Set(roots);
    // A set that grows is walked to its end.
    for (const specifier of found) {
      for (const { code, isDynamic } of known.get(specifier)?.dependencies ?? []) {
        if (code?.specifier === undefined) continue;
        if (dynamic || isDynamic !== true) found.add(code.specifier);
      }
    }
    return [...found];
  };
  return { all: reached(true), always: reached(false) };
}
