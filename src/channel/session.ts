/**
 * What a client knows of a server whose evidence it verified.
 *
 * @module
 */

import type { ChannelClients } from "../core/node_ports.ts";
import type { Random } from "../core/ports.ts";
import type { Cookie } from "../protocol/attest.ts";
import type { Appraised } from "./peer.ts";

/** How servers are asked. */
export interface Asking {
  /** Over what. */
  readonly clients: ChannelClients;
  /** Address of the server, `https://HOST:PORT`. */
  readonly url: string;
  /** Randomness of nonces. */
  readonly random: Random;
  /** Milliseconds that only rise; the time that a session lives. */
  readonly monotonic: () => number;
  /** Longest time of one request, ms; absent takes half a minute. */
  readonly timeout?: number;
}

/** A server whose evidence was verified. It is good for one sealed request, within the minute of its nonce. */
export interface Session {
  /** How it is asked. */
  readonly asking: Asking;
  /** Address. */
  readonly url: string;
  /** The only certificate that it may show, DER. */
  readonly leaf: Uint8Array;
  /** What was proven of it. */
  readonly peer: Appraised;
  /** SHA-256 of its statement, hex. */
  readonly statementDigest: string;
  /** Its key, 32 bytes. */
  readonly hpkeKey: Uint8Array;
  /** Its nonce for what is sealed to it, hex. */
  readonly serverNonce: string;
  /** What it wants back with the nonce. */
  readonly cookie: Cookie;
  /** The nonce that its evidence answered, hex. */
  readonly clientNonce: string;
  /** The audience that was asked with, hex. */
  readonly audience: string;
  /** Until when the session lives, on the client's own clock that only rises, ms. */
  readonly until: number;
}
