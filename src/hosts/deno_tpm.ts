/**
 * TPMs as Deno reaches them: the kernel's device, or a stream as swtpm speaks it.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { UnavailableError } from "../core/errors.ts";
import type { TpmConnection, Tpms } from "../core/ports.ts";
import { readTpmAddress, type TpmAddress } from "./tpm_address.ts";

/** How long is waited. */
export interface TpmLimits {
  /** Until a connection stands, milliseconds. */
  readonly connect: number;
  /** Until a command is answered, milliseconds. */
  readonly exchange: number;
}

/** A discrete TPM may take a minute to make an RSA key (PC Client Platform TPM Profile gives no limit; Linux waits up to 300 s). */
const LIMITS: TpmLimits = { connect: 5_000, exchange: 120_000 };

/** Largest answer that Linux hands over (TPM_BUFSIZE), and swtpm's. */
const MAX_ANSWER_BYTES = 4096;

/** Size of the header, which says the size of all. */
const HEADER_BYTES = 10;

/** Time between two looks whether a full queue has room, milliseconds. */
const LOOK = 10;

/** What bytes go to and come from. */
interface Stream {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/**
 * TPMs of this machine and those that answer over a socket.
 *
 * @param limits How long is waited.
 */
export function denoTpms(limits: TpmLimits = LIMITS): Tpms {
  return {
    async open(text) {
      const address = readTpmAddress(text);
      const opening = connect(address, performance.now() + limits.connect);
      try {
        return new StreamConnection(text, await within(opening, limits.connect), limits.exchange);
      } catch (cause) {
        // Should it open after all, nobody waits for it any more.
        void opening.then((stream) => stream.close(), () => {});
        throw unreachable(text, cause);
      }
    },
  };
}

function connect(address: TpmAddress, until: number): Promise<Stream> {
  switch (address.kind) {
    case "device":
      return Deno.open(address.path, { read: true, write: true });
    case "tcp":
      return Deno.connect({ hostname: address.hostname, port: address.port });
    case "unix":
      return connectUnix(address.path, until);
    default:
      return address satisfies never;
  }
}

/**
 * swtpm's queue has room for one who waits beside the one that it serves, and holds those that are gone already until it
 * looks; Linux then refuses at once where it would let others wait (EAGAIN).
 */
async function connectUnix(path: string, until: number): Promise<Stream> {
  for (;;) {
    try {
      return await Deno.connect({ transport: "unix", path });
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock) || performance.now() >= until) throw error;
    }
    await new Promise((done) => setTimeout(done, LOOK));
  }
}

/** One exchange after the other: a TPM knows no two commands at a time, and answers bear no number. */
class StreamConnection implements TpmConnection {
  readonly #address: string;
  readonly #stream: Stream;
  readonly #limit: number;
  #before: Promise<unknown> = Promise.resolve();
  /** Why nothing more is sent: after an exchange that broke off, the next answer may be that of an earlier command. */
  #broken: UnavailableError | undefined;
  #closed = false;

  constructor(address: string, stream: Stream, limit: number) {
    this.#address = address;
    this.#stream = stream;
    this.#limit = limit;
  }

  exchange(command: Uint8Array): Promise<Uint8Array> {
    const answer = this.#before.then(() => this.#exchangeNow(command));
    this.#before = answer.catch(() => {});
    return answer;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#broken ??= unreachable(this.#address, new Error("it was closed"));
    this.#stream.close();
  }

  async #exchangeNow(command: Uint8Array): Promise<Uint8Array> {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      return await within(exchangeOver(this.#stream, command), this.#limit);
    } catch (cause) {
      this.#broken = unreachable(this.#address, cause);
      this.close();
      throw this.#broken;
    }
  }
}

/** The device takes a command in one write and gives the answer to one read; a stream may cut both. */
async function exchangeOver(stream: Stream, command: Uint8Array): Promise<Uint8Array> {
  for (let at = 0; at < command.length;) at += await stream.write(command.subarray(at));
  let answer = await readSome(stream);
  while (answer.length < declaredSize(answer)) answer = concat(answer, await readSome(stream));
  return answer;
}

async function readSome(stream: Stream): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_ANSWER_BYTES);
  const length = await stream.read(bytes);
  if (length === null || length === 0) throw new Error("it hung up before the answer was whole");
  return bytes.subarray(0, length);
}

/** `responseSize` of the header (Part 3 §5.2); whether the answer keeps to it is judged by who parses it. */
function declaredSize(answer: Uint8Array): number {
  if (answer.length < HEADER_BYTES) return HEADER_BYTES;
  const size = new DataView(answer.buffer, answer.byteOffset).getUint32(2);
  return Math.min(size, MAX_ANSWER_BYTES);
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const seconds = milliseconds / 1000;
    const giveUp = () => reject(new Error(`no answer within ${seconds} s`));
    timer = setTimeout(giveUp, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(address: string, cause: unknown): UnavailableError {
  const reason = reasonOf(cause);
  return new UnavailableError(`Cannot reach the TPM at ${address}: ${reason}`, {
    code: "tpm.device_unreachable",
    fields: { address, reason },
    cause,
    retryable: !(cause instanceof Deno.errors.NotFound),
  });
}

/** Errors of the system in words; the runtime's own text says the path and a number besides. */
function reasonOf(cause: unknown): string {
  const known: readonly (readonly [new () => Error, string])[] = [
    [Deno.errors.NotFound, "it does not exist"],
    [Deno.errors.PermissionDenied, "permission denied"],
    [Deno.errors.NotCapable, "this program was started without permission for it"],
    [Deno.errors.ConnectionRefused, "nothing listens there"],
    [Deno.errors.Busy, "another program uses it"],
    [Deno.errors.WouldBlock, "others wait for it already"],
  ];
  const found = known.find(([kind]) => cause instanceof kind);
  return found?.[1] ?? (cause instanceof Error ? cause.message : String(cause));
}
