/**
 * How much a node takes on for others (protocol §5.5).
 *
 * @module
 */

/** Limits of a server. */
export interface ChannelLimits {
  /** Requests for evidence of one source in a second, over time. */
  readonly perSecond: number;
  /** How many of them may come at once: a cluster behind one address starts at once. */
  readonly burst: number;
  /** Sources that are remembered; more push out those that rested longest. */
  readonly sources: number;
  /** Requests for evidence that wait for a report of their own: a TPM makes a few in a second. */
  readonly queue: number;
  /** Requests for evidence that wait for a report over many. */
  readonly batch: number;
  /** Sealed requests whose evidence is judged at once. */
  readonly sealed: number;
  /** Sealed requests that wait for that. */
  readonly sealedQueue: number;
}

/** What a node keeps to where nothing else is said. */
export const CHANNEL_LIMITS: ChannelLimits = {
  perSecond: 1,
  burst: 30,
  sources: 10_000,
  queue: 32,
  batch: 1024,
  sealed: 4,
  sealedQueue: 128,
};
