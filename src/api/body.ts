/**
 * Reads the body of a request: so much and no more, in so much time and no more.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { type CasemateError, InputError, UnavailableError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { ApiCode } from "./codes.ts";

/** Largest body, bytes (protocol §5). */
export const MAX_BODY_BYTES: number = 1024 * 1024;

/** Most bytes of bodies that are held at once: half of what the smallest host has. */
const MAX_HELD = 64 * MAX_BODY_BYTES;

/** Time after which a body takes no room any more, ms: a platform may end a request in the middle, and nothing of it then gives back. */
const LONGEST = 120_000;

/** Room that one body takes. */
interface Room {
  readonly since: number;
  taken: number;
  /** Ends the wait for the rest of the body; null where all of it is there. */
  cut: Deadline["end"] | null;
}

/**
 * Reads bodies, which together take a bounded room. Where it is short, the body that has been on
 * its way for the longest time makes room: whoever sends slowly shuts out nobody.
 */
export class Bodies {
  readonly #timeout: number;
  readonly #clock: Clock;
  /** In the order in which they were taken. */
  readonly #rooms = new Set<Room>();
  #held = 0;

  /**
   * @param timeout Longest time until a body is there, ms.
   * @param clock Time.
   */
  constructor(timeout: number, clock: Clock) {
    this.#timeout = timeout;
    this.#clock = clock;
  }

  /**
   * Reads a body and works with it.
   *
   * @param request The request.
   * @param work What is done with it; the room is taken until that ends.
   * @throws {InputError} `api.body_*`
   * @throws {UnavailableError} `api.busy`
   */
  async with<T>(request: Request, work: (body: Uint8Array) => Promise<T>): Promise<T> {
    refuseEncoded(request.headers.get("content-encoding"));
    // A body that says that it is too large is not begun with.
    if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
    const room: Room = { since: this.#clock.now().getTime(), taken: 0, cut: null };
    this.#rooms.add(room);
    try {
      return await work(await this.#read(request, room));
    } finally {
      this.#giveBack(room);
    }
  }

  #giveBack(room: Room): void {
    if (this.#rooms.delete(room)) this.#held -= room.taken;
  }

  #forget(): void {
    const old = this.#clock.now().getTime() - LONGEST;
    for (const room of this.#rooms) {
      if (room.since > old) return;
      this.#giveBack(room);
    }
  }

  async #read({ body }: Request, room: Room): Promise<Uint8Array> {
    if (body === null) return new Uint8Array();
    const reader = body.getReader();
    const late = deadline(this.#timeout);
    room.cut = late.end;
    const parts: Uint8Array[] = [];
    try {
      for (;;) {
        const { done, value } = await Promise.race([next(reader), late.passed]);
        if (done) return concat(...parts);
        this.#take(value.length, room);
        parts.push(value);
      }
    } catch (error) {
      // The rest is of no use; that it cannot be had either is no news.
      void reader.cancel().catch(() => {});
      throw error;
    } finally {
      room.cut = null;
      late.clear();
    }
  }

  #take(bytes: number, room: Room): void {
    room.taken += bytes;
    if (this.#rooms.has(room)) this.#held += bytes;
    if (room.taken > MAX_BODY_BYTES) throw tooLarge();
    if (this.#held > MAX_HELD) this.#forget();
    for (const oldest of this.#rooms) {
      if (this.#held <= MAX_HELD) return;
      if (oldest === room) throw noRoom();
      if (oldest.cut === null) continue;
      this.#giveBack(oldest);
      oldest.cut(noRoom());
    }
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function next(reader: Reader): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (cause) {
    throw refuse("api.body_incomplete", "it ended before it was whole", cause);
  }
}

interface Deadline {
  readonly passed: Promise<never>;
  /** Has it pass at once. */
  readonly end: (error: CasemateError) => void;
  readonly clear: () => void;
}

function deadline(milliseconds: number): Deadline {
  let end: Deadline["end"] = () => {};
  const passed = new Promise<never>((_, reject) => end = reject);
  const reason = `it was not there after ${milliseconds} ms`;
  const timer = setTimeout(() => end(refuse("api.body_timeout", reason)), milliseconds);
  // Nobody need wait for it any more when it passes.
  passed.catch(() => {});
  return { passed, end, clear: () => clearTimeout(timer) };
}

/** What is compressed can be a thousand times larger than it looks. */
function refuseEncoded(encoding: string | null): void {
  if (encoding === null || /^(?:identity)?$/i.test(encoding.trim())) return;
  throw refuse("api.body_encoding", "it is compressed or encoded otherwise");
}

function noRoom(): UnavailableError {
  const message = "Cannot take the request: the bodies of others take all the room";
  return new UnavailableError(message, { code: "api.busy", retryable: true });
}

function tooLarge(): InputError {
  return refuse("api.body_too_large", `it has more than ${MAX_BODY_BYTES} bytes`);
}

function refuse(code: ApiCode, reason: string, cause?: unknown): InputError {
  return new InputError(`Cannot read the body: ${reason}`, { code, fields: { reason }, cause });
}
