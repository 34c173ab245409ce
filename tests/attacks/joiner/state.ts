/**
 * What a cluster knows of its members, to see that nothing changed.
 *
 * @module
 */

import type { Store, StoreRecord } from "../../../src/services/store/store.ts";

/** All records that an admission, a renewal or the loss of a name could change. */
const PREFIXES: readonly string[] = ["member/", "lease/", "machine/", "ticket/", "event/"];

/**
 * Members, leases, machines, used tickets and events; the lab's own two control
 * planes renew their leases meanwhile, so of these how often is left out.
 *
 * @param store The cluster's state.
 * @returns What is there, by key.
 */
export async function stateOf(store: Store): Promise<Readonly<Record<string, string>>> {
  const records: StoreRecord[] = [];
  for (const prefix of PREFIXES) records.push(...await store.list(prefix));
  const head = await store.read("events");
  if (head === null) throw new Error("The cluster has no events");
  records.push(head);
  return Object.fromEntries(records.map(({ key, value }) => {
    const text = new TextDecoder().decode(value);
    const own = key.startsWith("lease/control-plane-");
    return [key, own ? text.replace(/"renewed":\d+/, "") : text];
  }));
}
