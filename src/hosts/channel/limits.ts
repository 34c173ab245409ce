/**
 * How long and how much servers and clients of the channel wait for, take and hold.
 *
 * @module
 */

/** Most bytes of a body, in either direction (protocol §5.5). */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Most bytes of bodies that are on their way to a server at once, of all connections: each byte takes about three of memory. */
export const MAX_ARRIVING = 64 * MAX_BODY_BYTES;

/** Limits of a server. */
export interface ServerLimits {
  /** Longest life of a connection (protocol §5.2), ms. */
  readonly connectionAge: number;
  /** How long connections stay that were made under a certificate which was replaced, ms. */
  readonly replacedAge: number;
  /** Most connections at once: a cluster's nodes ask once in a while, and hold none open. */
  readonly connections: number;
  /** Longest time until a whole request is there, ms. */
  readonly requestTimeout: number;
  /** Most bytes of bodies that are on their way at once. */
  readonly arriving: number;
}

/** What servers of the channel keep to. */
export const SERVER_LIMITS: ServerLimits = {
  connectionAge: 3_600_000,
  replacedAge: 60_000,
  connections: 500,
  requestTimeout: 20_000,
  arriving: MAX_ARRIVING,
};
