/**
 * A PKCS #11 module (OASIS PKCS #11 v2.40) below its functions: structures as C
 * lays them out where `unsigned long` has eight bytes, which is everywhere but on
 * Windows.
 *
 * @module
 */

import { deviceFailed, refuseKey } from "./refusal.ts";

/** Return values that mean something here. */
export const CKR = {
  ok: 0x00n,
  attributeSensitive: 0x11n,
  attributeTypeInvalid: 0x12n,
  pinIncorrect: 0xa0n,
  pinInvalid: 0xa1n,
  pinLength: 0xa2n,
  pinExpired: 0xa3n,
  pinLocked: 0xa4n,
  alreadyLoggedIn: 0x100n,
  pinNotInitialised: 0x102n,
  alreadyInitialised: 0x191n,
} as const;

/** Places of functions in CK_FUNCTION_LIST, whose version comes first (`pkcs11f.h`). */
const PLACES = {
  initialize: 0,
  finalize: 1,
  getSlotList: 4,
  getTokenInfo: 6,
  openSession: 12,
  closeSession: 13,
  login: 18,
  getAttributeValue: 24,
  findObjectsInit: 26,
  findObjects: 27,
  findObjectsFinal: 28,
  signInit: 42,
  sign: 43,
} as const;

/** Size of a pointer and of `unsigned long`. */
const WORD = 8;

/** How all of them are called: what is CK_RV is 64 bits long. */
interface Form extends Deno.ForeignFunction {
  readonly parameters: ("u64" | "buffer")[];
  readonly result: "u64";
  readonly nonblocking: false;
}

/** Called with numbers and buffers, gives CK_RV. */
type Call = (...args: readonly (bigint | BufferSource | null)[]) => bigint;

/** Parameters: `n` a number, `b` a buffer or nothing. */
const SHAPES: Readonly<Record<keyof typeof PLACES, string>> = {
  initialize: "b",
  finalize: "b",
  getSlotList: "nbb",
  getTokenInfo: "nb",
  openSession: "nnbbb",
  closeSession: "n",
  login: "nnbn",
  getAttributeValue: "nnbn",
  findObjectsInit: "nbn",
  findObjects: "nbnb",
  findObjectsFinal: "n",
  signInit: "nbn",
  sign: "nbnbb",
};

/** CK_C_INITIALIZE_ARGS: the module may lock as the system does (CKF_OS_LOCKING_OK), since the runtime has threads. */
const INITIALIZE_ARGS = words(0n, 0n, 0n, 0n, 2n, 0n);

/** A module that was loaded and begun. */
export class Cryptoki {
  readonly #library: { close(): void };
  readonly #calls: Readonly<Record<keyof typeof PLACES, Call>>;

  private constructor(library: { close(): void }, list: Deno.PointerObject) {
    this.#library = library;
    const view = new Deno.UnsafePointerView(list);
    const call = (name: keyof typeof PLACES) => functionAt(view, PLACES[name], SHAPES[name]);
    this.#calls = {
      initialize: call("initialize"),
      finalize: call("finalize"),
      getSlotList: call("getSlotList"),
      getTokenInfo: call("getTokenInfo"),
      openSession: call("openSession"),
      closeSession: call("closeSession"),
      login: call("login"),
      getAttributeValue: call("getAttributeValue"),
      findObjectsInit: call("findObjectsInit"),
      findObjects: call("findObjects"),
      findObjectsFinal: call("findObjectsFinal"),
      signInit: call("signInit"),
      sign: call("sign"),
    };
  }

  /**
   * Loads a module and begins with it.
   *
   * @param path Where it is.
   * @throws {InputError} `keys.module`
   * @throws {UnavailableError} `keys.device`
   */
  static load(path: string): Cryptoki {
    const library = openLibrary(path);
    try {
      const place = new BigUint64Array(1);
      const value = library.symbols.C_GetFunctionList(place);
      if (value !== CKR.ok) throw deviceFailed("give its functions", value);
      const list = Deno.UnsafePointer.create(place[0] ?? 0n);
      const major = list === null ? 0 : new Deno.UnsafePointerView(list).getUint8();
      if (list === null || (major !== 2 && major !== 3)) {
        throw refuseKey("keys.module", `Cannot use ${path}: it is no PKCS #11 module of version 2`);
      }
      const module = new Cryptoki(library, list);
      module.call("initialize", "begin", INITIALIZE_ARGS);
      return module;
    } catch (error) {
      library.close();
      throw error;
    }
  }

  /**
   * Calls a function and demands that it succeeds.
   *
   * @param name Which.
   * @param what What it does, for errors.
   * @param args Its arguments.
   * @throws {UnavailableError} `keys.device`
   */
  call(
    name: keyof typeof PLACES,
    what: string,
    ...args: readonly (bigint | BufferSource | null)[]
  ): void {
    const value = this.try(name, ...args);
    if (value !== CKR.ok) throw deviceFailed(what, value);
  }

  /**
   * Calls a function.
   *
   * @param name Which.
   * @param args Its arguments.
   * @returns What it returned.
   */
  try(
    name: keyof typeof PLACES,
    ...args: readonly (bigint | BufferSource | null)[]
  ): bigint {
    return this.#calls[name](...args);
  }

  /** Ends with the module and unloads it. */
  close(): void {
    this.try("finalize", null);
    this.#library.close();
  }
}

function openLibrary(path: string) {
  if (Deno.build.os === "windows") {
    throw refuseKey("keys.module", "Cannot load a PKCS #11 module: not on Windows");
  }
  try {
    return Deno.dlopen(path, { C_GetFunctionList: { parameters: ["buffer"], result: "u64" } });
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotCapable
      ? "this program was started without permission for it"
      : "it is no library of this system with C_GetFunctionList";
    throw refuseKey("keys.module", `Cannot load ${path}: ${reason}`, cause);
  }
}

function functionAt(view: Deno.UnsafePointerView, place: number, shape: string): Call {
  // CK_VERSION has two bytes; pointers begin at the next word.
  const pointer = view.getPointer<Form>(WORD * (1 + place));
  if (pointer === null) {
    throw refuseKey("keys.module", `Cannot use the PKCS #11 module: its function ${place} is none`);
  }
  const parameters = Array.from(shape, (kind): "u64" | "buffer" => kind === "n" ? "u64" : "buffer");
  const call = new Deno.UnsafeFnPointer(pointer, { parameters, result: "u64", nonblocking: false });
  return (...args) => call.call(...args);
}

/**
 * Words as C has them in a structure or list.
 *
 * @param values The words.
 */
export function words(...values: readonly bigint[]): BigUint64Array<ArrayBuffer> {
  return BigUint64Array.from(values);
}

/** Attributes (CK_ATTRIBUTE) with the buffers that they point to, which must live as long as they are used. */
export class Attributes {
  /** The structures. */
  readonly structures: BigUint64Array<ArrayBuffer>;
  readonly #values: readonly Uint8Array<ArrayBuffer>[];

  /**
   * Lays attributes out.
   *
   * @param attributes Type and value of each; of those to be read, as much room as there is.
   */
  constructor(attributes: readonly (readonly [bigint, Uint8Array<ArrayBuffer>])[]) {
    this.#values = attributes.map(([, value]) => value);
    this.structures = words(
      ...attributes.flatMap(([type, value]) => [type, addressOf(value), BigInt(value.length)]),
    );
  }

  /** How many there are. */
  get count(): bigint {
    return BigInt(this.#values.length);
  }

  /** What stands in each after reading; null where the device gave none. */
  read(): readonly (Uint8Array<ArrayBuffer> | null)[] {
    return this.#values.map((value, index) => {
      const length = this.structures[3 * index + 2] ?? 0n;
      // CK_UNAVAILABLE_INFORMATION is all ones.
      return length > BigInt(value.length) ? null : value.slice(0, Number(length));
    });
  }
}

/**
 * Address of a buffer, 0 of an empty one. Who uses it keeps the buffer.
 *
 * @param bytes The buffer.
 */
export function addressOf(bytes: Uint8Array<ArrayBuffer>): bigint {
  if (bytes.length === 0) return 0n;
  // Of the buffer and not of the view: small views may be moved about by the runtime, buffers never.
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes.buffer));
  return start + BigInt(bytes.byteOffset);
}
