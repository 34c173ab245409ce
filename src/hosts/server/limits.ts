/**
 * How long and how much a server waits for, takes and holds.
 *
 * @module
 */

/** Longest time until the headers of a request are there, from the connection or the answer before on, ms. */
export const HEADERS_TIMEOUT = 10_000;

/** Longest time until a whole request is there, where the service says nothing else, ms. */
export const REQUEST_TIMEOUT = 30_000;

/** Longest time until a TLS handshake is done, ms. */
export const HANDSHAKE_TIMEOUT = 5000;

/** How long a connection may rest between two requests, ms. */
export const IDLE_TIMEOUT = 30_000;

/** How often these are looked at, ms. */
export const CHECK_INTERVAL = 500;

/** Longest time until an answer was taken, ms. */
export const ANSWER_TIMEOUT = 60_000;

/** Most bytes of a request line and headers; no client of ours sends 1 KiB. */
export const MAX_HEADER_BYTES = 16_384;

/** Most headers of a request; browsers send about 20. */
export const MAX_HEADERS = 100;

/** Most connections at once, where the service says nothing else. */
export const MAX_CONNECTIONS = 2000;

/** Most requests that are under way on one connection; HTTP/1.1 clients hardly ever send a second before the answer. */
export const MAX_PIPELINED = 8;

/** Most bytes of answers that clients did not take yet, of all connections. */
export const MAX_UNTAKEN = 64 * 2 ** 20;

/** Most bytes of a request's rest that are still read, so that its client reads the answer. */
export const MAX_REST = 4 * 2 ** 20;

/** How long a client may go on sending that rest, ms. */
export const REST_TIMEOUT = 2000;

/** Longest time that requests under way are still given once the process was asked to end, ms; supervisors kill after 10 s and more. */
export const GRACE = 8000;

/** How long a resting connection stays once the process was asked to end, ms: a request that is on its way to it is still answered. */
export const REST_GRACE = 1000;
