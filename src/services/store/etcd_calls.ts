/**
 * Calls to an etcd of several members, as a user: the next member is asked
 * where one does not answer, and a token that ended is renewed.
 *
 * @module
 */

import { CasemateError, OperationError, UnavailableError } from "../../core/errors.ts";
import type { EtcdAnswer, EtcdHttp } from "../../core/node_ports.ts";
import type { StoreCode } from "./codes.ts";
import { members, readToken } from "./etcd_wire.ts";

/** Longest time until one member has answered, ms. */
const CALL_TIMEOUT = 5_000;

/** Longest time for all members together, ms. */
const DEADLINE = 15_000;

/** Codes of gRPC that are told apart (google.rpc.Code). */
const GRPC = { invalid: 3, denied: 7, exhausted: 8, condition: 9, range: 11, unknown: 16 };

/** Who calls. */
export interface EtcdUser {
  /** User. */
  readonly name: string;
  /** Password. */
  readonly password: string;
}

/** What calls need. */
export interface EtcdCallParts {
  /** Client with the certificate. */
  readonly http: EtcdHttp;
  /** Addresses of members, at least one. */
  readonly endpoints: readonly string[];
  /** As whom; null before etcd has users. */
  readonly user: EtcdUser | null;
  /** A clock that only goes on, ms. */
  readonly monotonic: () => number;
}

/** What etcd said of a call that it did not do. */
export class EtcdRefusal extends Error {
  /** Name of the class, which survives minification. */
  override readonly name = "EtcdRefusal";
  /** Status of gRPC; 0 where the gateway itself refused. */
  readonly grpc: number;

  /**
   * Describes a refusal.
   *
   * @param grpc Status of gRPC.
   * @param message What etcd said.
   */
  constructor(grpc: number, message: string) {
    super(message);
    this.grpc = grpc;
  }
}

/** Calls to an etcd. */
export class EtcdCalls {
  readonly #parts: EtcdCallParts;
  #first = 0;
  #token: Promise<string> | null = null;

  /**
   * Prepares calls.
   *
   * @param parts Client, addresses, user and clock.
   * @throws {RangeError} without addresses.
   */
  constructor(parts: EtcdCallParts) {
    if (parts.endpoints.length === 0) throw new RangeError("Cannot use etcd: no address is given");
    this.#parts = parts;
  }

  /**
   * Calls; each member is asked once where the call may be repeated.
   *
   * @param path Path, as `kv/range`.
   * @param body What is asked, as JSON.
   * @param repeatable Whether a call that may have been done may be done again.
   * @returns What etcd answered, as JSON.
   * @throws {EtcdRefusal} where etcd answered that it does not do it; it is not done then.
   * @throws {UnavailableError} `store.unreachable`, `store.denied`, `store.full`
   */
  async call(path: string, body: unknown, repeatable: boolean): Promise<unknown> {
    const until = this.#parts.monotonic() + DEADLINE;
    let last: UnavailableError | null = null;
    for (const endpoint of this.#inTurn()) {
      if (last !== null && this.#parts.monotonic() >= until) break;
      try {
        return await this.#asUser(endpoint, path, body, until);
      } catch (cause) {
        if (!(cause instanceof UnavailableError && cause.code === "store.unreachable")) throw cause;
        last = cause;
        this.#first = (this.#first + 1) % this.#parts.endpoints.length;
        if (!repeatable && cause.fields["sent"] !== "no") throw cause;
      }
    }
    throw last ?? unreachable("nobody was asked", "no");
  }

  #inTurn(): readonly string[] {
    const { endpoints } = this.#parts;
    return [...endpoints.slice(this.#first), ...endpoints.slice(0, this.#first)];
  }

  /** A token that ended, or that this member does not know yet, is renewed once. */
  async #asUser(endpoint: string, path: string, body: unknown, until: number): Promise<unknown> {
    const { user } = this.#parts;
    if (user === null) return await this.#post(endpoint, path, body, null, until);
    const token = this.#token ??= this.#authenticate(endpoint, user, until);
    try {
      return await this.#post(endpoint, path, body, await this.#kept(token), until);
    } catch (cause) {
      if (!isTokenOver(cause)) throw cause;
      if (this.#token === token) this.#token = null;
    }
    const fresh = this.#token ??= this.#authenticate(endpoint, user, until);
    try {
      return await this.#post(endpoint, path, body, await this.#kept(fresh), until);
    } catch (cause) {
      throw isTokenOver(cause) ? unreachable(cause.message, "no", cause) : cause;
    }
  }

  /** Nobody waits for a token that was not given. */
  async #kept(token: Promise<string>): Promise<string> {
    try {
      return await token;
    } catch (cause) {
      if (this.#token === token) this.#token = null;
      throw cause;
    }
  }

  async #authenticate(endpoint: string, user: EtcdUser, until: number): Promise<string> {
    try {
      return readToken(await this.#post(endpoint, "auth/authenticate", user, null, until));
    } catch (cause) {
      // A token is nothing that the call itself would have done.
      if (cause instanceof UnavailableError && cause.code === "store.unreachable") {
        throw unreachable(cause.message, "no", cause);
      }
      throw cause instanceof EtcdRefusal ? denied(cause) : cause;
    }
  }

  async #post(
    endpoint: string,
    path: string,
    body: unknown,
    token: string | null,
    until: number,
  ): Promise<unknown> {
    const left = Math.max(1, until - this.#parts.monotonic());
    const answer = await this.#parts.http.post({
      url: `${endpoint}/v3/${path}`,
      body: new TextEncoder().encode(JSON.stringify(body)),
      token,
      timeout: Math.min(CALL_TIMEOUT, left),
    });
    if (answer.status === 200) return readJson(answer);
    throw refusalOf(answer);
  }
}

function isTokenOver(cause: unknown): cause is EtcdRefusal {
  if (!(cause instanceof EtcdRefusal)) return false;
  return cause.grpc === GRPC.unknown || /revision of auth store is old/.test(cause.message);
}

/** Only what etcd surely did not do is told apart; of all else nothing is known. */
function refusalOf(answer: EtcdAnswer): Error {
  const { code, error, message } = members(parsed(answer));
  const said = [message, error].find((text) => typeof text === "string");
  const text = shown(typeof said === "string" ? said : new TextDecoder().decode(answer.body));
  const refusal = new EtcdRefusal(typeof code === "number" ? code : 0, text);
  if (answer.status === 400 && code === undefined) return denied(refusal);
  switch (code) {
    case GRPC.invalid:
    case GRPC.condition:
    case GRPC.range:
    case GRPC.unknown:
      return refusal;
    case GRPC.denied:
      return denied(refusal);
    case GRPC.exhausted:
      return full(refusal);
    default:
      return unreachable(`status ${answer.status}, ${text}`, "maybe");
  }
}

function readJson(answer: EtcdAnswer): unknown {
  const value = parsed(answer);
  if (value === undefined) throw unreachable("its answer is no JSON", "maybe");
  return value;
}

function parsed(answer: EtcdAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.body));
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** A proxy may answer with what it was asked, passwords among it. */
function shown(text: string): string {
  const readable = text.replaceAll(/\p{Cc}+/gu, " ").trim();
  return readable.replaceAll(/[0-9A-Za-z+/=_-]{32,}/g, "…").slice(0, 200);
}

function unreachable(reason: string, sent: "no" | "maybe", cause?: unknown): UnavailableError {
  return unavailable("store.unreachable", `Cannot reach the store: ${reason}`, sent, true, cause);
}

function denied(refusal: EtcdRefusal): UnavailableError {
  const message = `Cannot use the store: ${refusal.message}`;
  return unavailable("store.denied", message, "no", false, refusal);
}

function full(refusal: EtcdRefusal): UnavailableError {
  const message = `Cannot write to the store: ${refusal.message}`;
  return unavailable("store.full", message, "no", true, refusal);
}

function unavailable(
  code: StoreCode,
  message: string,
  sent: "no" | "maybe",
  retryable: boolean,
  cause: unknown,
): UnavailableError {
  return new UnavailableError(message, { code, fields: { sent }, retryable, cause });
}

/**
 * A refusal as the error that callers of a store know.
 *
 * @param cause What a call threw.
 */
export function asStoreError(cause: unknown): unknown {
  if (!(cause instanceof EtcdRefusal) || cause instanceof CasemateError) return cause;
  return new OperationError(`Cannot use the store: ${cause.message}`, {
    code: "store.refused",
    cause,
  });
}

/**
 * Whether etcd refused because a revision is no longer there.
 *
 * @param cause What a call threw.
 */
export function isCompacted(cause: unknown): boolean {
  return cause instanceof EtcdRefusal && cause.grpc === GRPC.range;
}
