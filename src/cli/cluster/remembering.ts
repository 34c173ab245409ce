/**
 * Where this machine remembers clusters.
 *
 * @module
 */

import type { NodeHost } from "../../core/node_host.ts";
import type { StateFiles } from "../../core/node_ports.ts";

/**
 * Uses the folder of `--state`, for this process alone.
 *
 * @param node What opens it.
 * @param folder The folder; absent for nowhere.
 * @param use What is done with it.
 */
export async function remembering<T>(
  node: NodeHost,
  folder: string | undefined,
  use: (files: StateFiles | null) => Promise<T>,
): Promise<T> {
  if (folder === undefined) return await use(null);
  const state = await node.openState(folder);
  try {
    return await use(state.files);
  } finally {
    state.close();
  }
}

/** Remembers for the time of one command. */
export function forgetful(): StateFiles {
  const content = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    read: (name) => Promise.resolve(content.get(name) ?? null),
    write: (name, bytes) => Promise.resolve(void content.set(name, new Uint8Array(bytes))),
    remove: (name) => Promise.resolve(void content.delete(name)),
  };
}
