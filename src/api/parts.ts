/**
 * What a service of verification is made of. Hosts give it: `casemate serve` and the Worker.
 *
 * @module
 */

import type { Collateral } from "../collateral/collateral.ts";
import type { Engine } from "../core/crypto.ts";
import type { Clock, Random } from "../core/ports.ts";
import type { FilesByRole } from "../evidence/evidence.ts";
import type { PublicKey, SigningKey } from "../core/signing_key.ts";
import type { EarProfile } from "../results/profile.ts";

/** A service of verification. */
export interface ServiceParts {
  /** Engine that verifies. */
  readonly engine: Engine;
  /** Time. */
  readonly clock: Clock;
  /** Randomness for nonces. */
  readonly random: Random;
  /** Secret that nonces are made with, at least 32 bytes; whoever has it can make nonces that this service takes for its own. */
  readonly nonceSecret: Uint8Array;
  /** Who remembers which nonces were used; null where nobody does: they then hold for a short time, and results say so. */
  readonly ledger: NonceLedger | null;
  /** Policies that tokens are signed under. */
  readonly policies: readonly RegisteredPolicy[];
  /** Keys of tokens; null where none are signed. */
  readonly keys: TokenKeys | null;
  /** What is kept of what vendors hand out; null where evidence must bring all that it needs, and nothing is mirrored. */
  readonly collateral: Collateral | null;
  /** Lab roots, PEM or DER; none on a service that others rely on. */
  readonly labRoots: readonly Uint8Array[];
  /** The web page; null where it is not there. */
  readonly page: PageFile | null;
  /** Version of Casemate. */
  readonly version: string;
  /** Origins whose pages may read answers; `*` for all, since nothing here depends on who asks. */
  readonly origins: "*" | readonly string[];
  /** How much is taken on; more is refused with 503. Default {@linkcode DEFAULT_LIMITS}. */
  readonly limits?: ServiceLimits;
  /**
   * Is asked before anything is done for a request, and throws where nothing is to be; absent where all may ask.
   *
   * @param request The request.
   * @param route Its route, as `/v1/verify`.
   * @throws {UnavailableError} `api.rate`; `until` of its fields says how long to stay away.
   */
  readonly admit?: (request: Request, route: string) => Promise<void>;
  /** Is told of each request that was answered; absent where nobody wants to know. */
  readonly told?: (answered: Answered) => void;
  /** Is told of a mistake of the program, which is answered with `api.failed`; absent: it is thrown on. */
  readonly failed?: (error: unknown) => void;
}

/** How much is taken on. */
export interface ServiceLimits {
  /** Verifications at once. */
  readonly underWay: number;
  /** Verifications that wait. */
  readonly waiting: number;
  /** Longest time until a request's body is there, ms. */
  readonly bodyTimeout: number;
}

/** How much is taken on where nothing else is said: verifying is work of one thread, waiting for vendors is not. */
export const DEFAULT_LIMITS: ServiceLimits = {
  underWay: 32,
  waiting: 1000,
  bodyTimeout: 10_000,
};

/** Who remembers which nonces were used. */
export interface NonceLedger {
  /**
   * Spends a nonce.
   *
   * @param nonce The nonce, 32 bytes; the service made it and it has not run out.
   * @param until When it runs out; after that it need not be remembered.
   * @returns Whether this was its first use. Of however many at once, one is the first.
   * @throws {UnavailableError} `api.nonces_full`, `api.nonces_unavailable`: what cannot be remembered must not be used.
   */
  spend(nonce: Uint8Array, until: Date): Promise<boolean>;
}

/** A policy under which this service signs tokens. */
export interface RegisteredPolicy {
  /** The policy as plain data. */
  readonly policy: unknown;
  /** Reference values that go with it: plain data, or what `readSignedReference` gave; undefined where it has none. */
  readonly reference: unknown;
  /**
   * Roots that are believed as they are, by role, as `akCertRoots`: under this policy the
   * service's alone count, since a client that chose its own could have anything signed.
   */
  readonly believed?: FilesByRole;
}

/** Keys of tokens. */
export interface TokenKeys {
  /** The key that signs. */
  readonly signer: SigningKey;
  /** Further keys that consumers are told of: the next one before it signs, the last one until its tokens have run out. */
  readonly others: readonly PublicKey[];
  /** Who runs this service, as its URL; the `iss` of tokens. */
  readonly issuer: string;
  /** Profile where the request names none; default `casemate`. */
  readonly profile?: EarProfile;
}

/** The web page, one file that needs nothing else. */
export interface PageFile {
  /** HTML, UTF-8. */
  readonly html: Uint8Array;
  /** The Content-Security-Policy that it runs under. */
  readonly policy: string;
}

/** A request that was answered. Nothing in it comes from evidence. */
export interface Answered {
  /** Method. */
  readonly method: string;
  /** The route, as `/v1/verify`; `other` for a path that is none. */
  readonly route: string;
  /** Status of the answer. */
  readonly status: number;
  /** Code of the refusal, or that decided the verdict; null where there was none. */
  readonly code: string | null;
  /** Verdict of a verification; null where there was none. */
  readonly verdict: string | null;
  /** Variant of the evidence, as the registry names it; null where there was none. */
  readonly variant: string | null;
  /** Digest of the registered policy; null where there was none. */
  readonly policy: string | null;
  /** Time that it took, ms. */
  readonly took: number;
}
