/**
 * Preparing an etcd for a cluster: a user that reads and writes the cluster's
 * keys alone, and nobody who does anything without a password.
 *
 * @module
 */

import { UnavailableError } from "../../core/errors.ts";
import type { EtcdHttp } from "../../core/node_ports.ts";
import type { StoreAccess } from "../../protocol/store_access.ts";
import { asStoreError, EtcdCalls, EtcdRefusal, type EtcdUser } from "./etcd_calls.ts";
import { clusterPrefix, endOfPrefix, keyText } from "./etcd_wire.ts";

/** What is needed. */
export interface EtcdSetUp {
  /** Client with the certificate of `access`. */
  readonly http: EtcdHttp;
  /** Addresses, and the user that is made. */
  readonly access: Pick<StoreAccess, "endpoints" | "user" | "password">;
  /** Id of the cluster, 32 bytes in hex. */
  readonly clusterId: string;
  /** Password of etcd's own user `root`, kept by whoever runs etcd. */
  readonly rootPassword: string;
  /** A clock that only goes on, ms. */
  readonly monotonic: () => number;
}

/** The user that etcd demands before it authenticates anybody, and its role. */
const ROOT = "root";

/**
 * Makes user and role and has etcd authenticate everybody. What is there
 * already stays, so it may be repeated, and go on where it was ended.
 *
 * @param parts What is needed.
 * @throws {UnavailableError} `store.unreachable`; `store.denied` where `root` has another password.
 * @throws {OperationError} `store.refused`
 */
export async function setUpEtcd(parts: EtcdSetUp): Promise<void> {
  const { http, access: { endpoints, user, password }, monotonic } = parts;
  if (user === ROOT) throw new RangeError("Cannot set up etcd: its user root is not the cluster's");
  const calls = (as: EtcdUser | null) => new EtcdCalls({ http, endpoints, user: as, monotonic });
  const root = { name: ROOT, password: parts.rootPassword };
  try {
    const open = calls(null);
    if (await isOpen(open)) await enable(open, root);
    await makeUser(calls(root), parts);
    await checkPassword(calls({ name: user, password }), calls(root), { name: user, password });
  } catch (cause) {
    throw asStoreError(cause);
  }
}

/** Before etcd has users, everybody reads; afterwards nobody does without a token, in one word or the other. */
async function isOpen(open: EtcdCalls): Promise<boolean> {
  try {
    await open.call("kv/range", { key: keyText("/casemate/") }, true);
    return true;
  } catch (cause) {
    if (cause instanceof EtcdRefusal && /user name is empty/.test(cause.message)) return false;
    if (isDenied(cause)) return false;
    throw cause;
  }
}

function isDenied(cause: unknown): boolean {
  return cause instanceof UnavailableError && cause.code === "store.denied";
}

/** `root` may be there with another password, of a run that was ended. */
async function enable(open: EtcdCalls, root: EtcdUser): Promise<void> {
  await unlessThere(open.call("auth/user/add", root, true));
  await open.call("auth/user/changepw", root, true);
  await unlessThere(open.call("auth/role/add", { name: ROOT }, true));
  await open.call("auth/user/grant", { user: ROOT, role: ROOT }, true);
  await open.call("auth/enable", {}, true);
}

async function makeUser(root: EtcdCalls, { access, clusterId }: EtcdSetUp): Promise<void> {
  const role = `casemate-${clusterId.slice(0, 16)}`;
  const prefix = clusterPrefix(clusterId);
  const perm = { permType: "READWRITE", key: keyText(prefix), range_end: endOfPrefix(prefix) };
  await unlessThere(root.call("auth/role/add", { name: role }, true));
  await root.call("auth/role/grant", { name: role, perm }, true);
  const user = { name: access.user, password: access.password };
  await unlessThere(root.call("auth/user/add", user, true));
  await root.call("auth/user/grant", { user: access.user, role }, true);
}

/** A change of password ends tokens, so it is changed only where it is another. */
async function checkPassword(own: EtcdCalls, root: EtcdCalls, user: EtcdUser): Promise<void> {
  try {
    await own.call("auth/user/get", { name: user.name }, true);
  } catch (cause) {
    if (!isDenied(cause)) throw cause;
    await root.call("auth/user/changepw", user, true);
  }
}

async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (cause) {
    if (!(cause instanceof EtcdRefusal && /already exists/.test(cause.message))) throw cause;
  }
}
