/**
 * A double: NV indices and a vendor's command in front of a TPM that runs. What
 * swtpm cannot have stands here, as indices larger than 2048 bytes (Azure's report
 * has 2600), indices whose content changes by itself, and AWS's own command, which
 * it answers with "command code not supported". All else goes to the TPM behind.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { TpmTransport } from "../../src/core/ports.ts";
import { FieldReader } from "../../src/evidence/tpm/device/bytes_in.ts";
import { sized, u16, u32, u8 } from "../../src/evidence/tpm/device/bytes_out.ts";
import { nameOf } from "../../src/evidence/tpm/device/entity.ts";
import { ALGORITHM, COMMAND } from "../../src/evidence/tpm/device/numbers.ts";

/** What stands at an index. */
export interface DoubleIndex {
  /** Content; asked for at each reading. */
  readonly read: () => Uint8Array;
  /** Takes what is written, from its place on. */
  readonly write?: (bytes: Uint8Array, at: number) => void;
  /** Secret that is demanded; default the empty one. */
  readonly secret?: Uint8Array;
}

/** What the double has. */
export interface NvDouble {
  /** Indices by handle; commands may add and remove some. */
  readonly indices: Map<number, DoubleIndex>;
  /** Answers AWS's command over the content of an index; default: the TPM behind refuses it. */
  readonly nsm?: (request: Uint8Array) => Promise<Uint8Array>;
}

/** TPMA_NV: read and written by the owner and by its own secret, written. */
const ATTRIBUTES = (1 << 1) | (1 << 2) | (1 << 17) | (1 << 18) | (1 << 29);

const BAD_AUTH = 0x9a2;
const NV_RANGE = 0x146;

/**
 * Puts a double before a TPM.
 *
 * @param behind The TPM.
 * @param double What it has.
 */
export function withNvDouble(behind: TpmTransport, double: NvDouble): TpmTransport {
  return { exchange: (command) => new Exchange(behind, double, command).answer() };
}

class Exchange {
  readonly #behind: TpmTransport;
  readonly #double: NvDouble;
  readonly #command: Uint8Array;
  readonly #reader: FieldReader;
  readonly #code: number;
  #secret = new Uint8Array();

  constructor(behind: TpmTransport, double: NvDouble, command: Uint8Array) {
    this.#behind = behind;
    this.#double = double;
    this.#command = command;
    this.#reader = new FieldReader(command, (reason) => new Error(`The double: ${reason}`));
    this.#reader.u16();
    this.#reader.u32();
    this.#code = this.#reader.u32();
  }

  answer(): Promise<Uint8Array> {
    switch (this.#code) {
      case COMMAND.GetCapability:
        return this.#capability();
      case COMMAND.NV_ReadPublic:
        return this.#readPublic();
      case COMMAND.NV_DefineSpace:
        return this.#define();
      case COMMAND.NV_UndefineSpace:
      case COMMAND.NV_Read:
      case COMMAND.NV_Write:
      case COMMAND.VendorNsmRequest:
        return this.#onIndex();
      default:
        return this.#pass();
    }
  }

  #pass(): Promise<Uint8Array> {
    return this.#behind.exchange(this.#command);
  }

  /** Handles of NV indices: those behind and ours, in order. */
  async #capability(): Promise<Uint8Array> {
    const [kind, first] = [this.#reader.u32(), this.#reader.u32()];
    const answer = await this.#pass();
    if (kind !== 1 || first >>> 24 !== 1) return answer;
    const reader = new FieldReader(answer.subarray(10), (reason) => new Error(reason));
    reader.u8();
    reader.u32();
    const behind = Array.from({ length: reader.u32() }, () => reader.u32());
    const all = [...behind.filter((handle) => handle >>> 24 === 1), ...this.#double.indices.keys()];
    const rising = [...new Set(all)].filter((handle) => handle >= first).toSorted((a, b) => a - b);
    return success(false, concat(u8(0), u32(1), u32(rising.length), ...rising.map(u32)));
  }

  async #readPublic(): Promise<Uint8Array> {
    const handle = this.#reader.u32();
    const index = this.#double.indices.get(handle);
    if (index === undefined) return await this.#pass();
    const area = areaOf(handle, index.read().length);
    const name = await nameOf(ALGORITHM.sha256, area);
    return success(false, concat(sized(area), sized(name ?? new Uint8Array())));
  }

  async #define(): Promise<Uint8Array> {
    this.#reader.u32();
    this.#authorization();
    const secret = this.#reader.sized();
    const area = this.#reader.inside();
    const handle = area.u32();
    area.bytes(6);
    area.sized();
    const size = area.u16();
    // What swtpm has room for it keeps itself, but for what is the double's from the start.
    if (size <= 2048 && this.#double.nsm === undefined) return await this.#pass();
    let content = new Uint8Array(size);
    this.#double.indices.set(handle, {
      secret,
      read: () => content,
      write: (bytes, at) => {
        content = concat(content.subarray(0, at), bytes, content.subarray(at + bytes.length));
      },
    });
    return success(true, new Uint8Array());
  }

  /** The handle that authorizes comes first, the index second. */
  async #onIndex(): Promise<Uint8Array> {
    const by = this.#reader.u32();
    const handle = this.#reader.u32();
    const index = this.#double.indices.get(handle);
    if (index === undefined) return await this.#pass();
    this.#authorization();
    if (by === handle && !same(this.#secret, index.secret ?? new Uint8Array())) {
      return refusal(BAD_AUTH);
    }
    return this.#use(handle, index);
  }

  async #use(handle: number, index: DoubleIndex): Promise<Uint8Array> {
    const { indices, nsm } = this.#double;
    if (this.#code === COMMAND.NV_UndefineSpace) {
      indices.delete(handle);
      return success(true, new Uint8Array());
    }
    if (this.#code === COMMAND.NV_Write) {
      const bytes = this.#reader.sized();
      const at = this.#reader.u16();
      if (at + bytes.length > index.read().length) return refusal(NV_RANGE);
      index.write?.(bytes, at);
      return success(true, new Uint8Array());
    }
    if (this.#code === COMMAND.NV_Read) {
      const [length, at] = [this.#reader.u16(), this.#reader.u16()];
      const content = index.read();
      if (at + length > content.length) return refusal(NV_RANGE);
      return success(true, sized(content.subarray(at, at + length)));
    }
    if (nsm === undefined) return await this.#pass();
    index.write?.(await nsm(index.read()), 0);
    return success(true, new Uint8Array());
  }

  /** A password session, whose password is kept. */
  #authorization(): void {
    const area = new FieldReader(
      this.#reader.bytes(this.#reader.u32()),
      (reason) => new Error(`The double's authorization: ${reason}`),
    );
    area.u32();
    area.sized();
    area.u8();
    this.#secret = area.sized();
  }
}

function areaOf(handle: number, size: number): Uint8Array {
  return concat(u32(handle), u16(ALGORITHM.sha256), u32(ATTRIBUTES), sized(), u16(size));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function success(sessions: boolean, parameters: Uint8Array): Promise<Uint8Array> {
  // Of a password session nothing comes back but its attributes.
  const body = sessions
    ? concat(u32(parameters.length), parameters, sized(), u8(1), sized())
    : parameters;
  const tag = u16(sessions ? 0x8002 : 0x8001);
  return Promise.resolve(concat(tag, u32(10 + body.length), u32(0), body));
}

function refusal(code: number): Promise<Uint8Array> {
  return Promise.resolve(concat(u16(0x8001), u32(10), u32(code)));
}
