/**
 * What the platform binds to a Worker, as far as it is used here, and the same
 * told apart by what it can do.
 *
 * @module
 */

import type { KvNamespace } from "../hosts/workers.ts";

/** Variables, secrets and bindings by name, as the platform gives them. */
export type WorkerEnv = Readonly<Record<string, unknown>>;

/** What a request comes with. */
export interface WorkerContext {
  /**
   * Lets work go on when the answer is given, or the client has left, for 30 s at most.
   *
   * @param work The work.
   */
  waitUntil(work: Promise<unknown>): void;
}

/** Durable Objects of one class. */
export interface DurableNamespace {
  /** The id that belongs to a name. */
  idFromName(name: string): unknown;
  /** The object of an id, wherever it is. */
  get(id: unknown): { fetch(url: string, init: RequestInit): Promise<Response> };
}

/** A limit of requests. */
export interface RateLimiter {
  /** Counts a request of somebody, and says whether it may pass. */
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** Whether something is a namespace of Workers KV. */
export function isKv(value: unknown): value is KvNamespace {
  return can(value, "get", "put", "delete", "list");
}

/** Whether something is a namespace of Durable Objects. */
export function isDurable(value: unknown): value is DurableNamespace {
  return can(value, "idFromName", "get");
}

/** Whether something limits requests. */
export function isLimiter(value: unknown): value is RateLimiter {
  return can(value, "limit");
}

/** Bindings are objects of the platform's own classes, known by their methods. */
function can(value: unknown, ...methods: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return methods.every((name) => typeof Reflect.get(value, name) === "function");
}
