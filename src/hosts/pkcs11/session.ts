/**
 * A session with a token: finding it by what it says of itself, logging in,
 * finding keys.
 *
 * @module
 */

import { Attributes, CKR, type Cryptoki, words } from "./cryptoki.ts";
import { deviceFailed, refuseKey } from "./refusal.ts";
import type { KeyPlace } from "./uri.ts";

/** Most slots that are looked at. */
const MAX_SLOTS = 256n;

/** Bytes of CK_TOKEN_INFO. */
const TOKEN_INFO_BYTES = 208;

/** What is said of tokens in CK_TOKEN_INFO.flags. */
const [LOGIN_REQUIRED, HAS_PIN_PAD] = [0x4n, 0x100n];

/** CKF_SERIAL_SESSION: read-only, as signing needs no more. */
const SERIAL_SESSION = 4n;

/** Kinds of user: the normal one, and the same once more for one signature. */
const USERS = { normal: 1n, forSignature: 2n } as const;

/** Types of attributes (`pkcs11t.h`). */
export const CKA = {
  class: 0x0n,
  label: 0x3n,
  keyType: 0x100n,
  id: 0x102n,
  ecParams: 0x180n,
  ecPoint: 0x181n,
  alwaysAuthenticate: 0x202n,
} as const;

/** Classes of objects. */
export const CKO = { publicKey: 2n, privateKey: 3n } as const;

/** Longest value of an attribute that is read here. */
const MAX_VALUE_BYTES = 512;

/** A token that is there. */
export interface Token {
  /** Its slot. */
  readonly slot: bigint;
  /** Its label. */
  readonly label: string;
  /** Whether it wants a login. */
  readonly wantsLogin: boolean;
  /** Whether the PIN is typed on the device itself. */
  readonly hasPinPad: boolean;
}

/**
 * Finds the one token.
 *
 * @param module The module.
 * @param wanted What it must say of itself.
 * @throws {InputError} `keys.token`
 * @throws {UnavailableError} `keys.device`
 */
export function findToken(module: Cryptoki, wanted: KeyPlace["token"]): Token {
  const count = words(MAX_SLOTS);
  const slots = new BigUint64Array(Number(MAX_SLOTS));
  module.call("getSlotList", "list its slots", 1n, slots, count);
  const found = [...slots.subarray(0, Number(count[0] ?? 0n))].flatMap((slot) => {
    const token = tokenIn(module, slot, wanted);
    return token === undefined ? [] : [token];
  });
  const [token] = found;
  if (token === undefined || found.length > 1) {
    const many = found.length > 1 ? `${found.length} tokens are` : "No token is";
    throw refuseKey("keys.token", `${many} what the key's address says of it`);
  }
  return token;
}

function tokenIn(
  module: Cryptoki,
  slot: bigint,
  { label, manufacturer, model, serial }: KeyPlace["token"],
): Token | undefined {
  const info = new Uint8Array(TOKEN_INFO_BYTES);
  // A slot whose token was pulled meanwhile, or that is unreadable, has none.
  if (module.try("getTokenInfo", slot, info) !== CKR.ok) return undefined;
  const said = [field(info, 0, 32), field(info, 32, 32), field(info, 64, 16), field(info, 80, 16)];
  const asked = [label, manufacturer, model, serial];
  if (asked.some((value, index) => value !== undefined && value !== said[index])) return undefined;
  const flags = new DataView(info.buffer).getBigUint64(96, true);
  return {
    slot,
    label: said[0] ?? "",
    wantsLogin: (flags & LOGIN_REQUIRED) !== 0n,
    hasPinPad: (flags & HAS_PIN_PAD) !== 0n,
  };
}

/** Texts fill their place with blanks (PKCS #11 §3.2). */
function field(info: Uint8Array, at: number, length: number): string {
  return new TextDecoder().decode(info.subarray(at, at + length)).replace(/[ \0]+$/, "");
}

/** A session. */
export class Session {
  readonly #module: Cryptoki;
  readonly #handle: bigint;

  /**
   * Opens a session.
   *
   * @param module The module.
   * @param token The token.
   * @throws {UnavailableError} `keys.device`
   */
  constructor(module: Cryptoki, token: Token) {
    const handle = words(0n);
    module.call("openSession", "open a session", token.slot, SERIAL_SESSION, null, null, handle);
    this.#module = module;
    this.#handle = handle[0] ?? 0n;
  }

  /**
   * Logs in.
   *
   * @param user As whom.
   * @param pin The PIN; null where it is typed on the device.
   * @throws {InputError} `keys.pin`
   * @throws {UnavailableError} `keys.device`
   */
  login(user: keyof typeof USERS, pin: Uint8Array<ArrayBuffer> | null): void {
    const length = BigInt(pin?.length ?? 0);
    const value = this.#module.try("login", this.#handle, USERS[user], pin, length);
    if (value === CKR.ok || value === CKR.alreadyLoggedIn) return;
    const reason = PIN_REASONS.find(([known]) => known === value)?.[1];
    if (reason === undefined) throw deviceFailed("log in", value);
    throw refuseKey("keys.pin", `The device refuses the PIN: ${reason}`);
  }

  /**
   * Finds objects.
   *
   * @param attributes What they must have.
   * @returns Handles; of many the first two.
   * @throws {UnavailableError} `keys.device`
   */
  find(attributes: readonly (readonly [bigint, Uint8Array<ArrayBuffer>])[]): readonly bigint[] {
    const wanted = new Attributes(attributes);
    const init = [this.#handle, wanted.structures, wanted.count] as const;
    this.#module.call("findObjectsInit", "look for keys", ...init);
    const handles = words(0n, 0n);
    const count = words(0n);
    try {
      this.#module.call("findObjects", "look for keys", this.#handle, handles, 2n, count);
    } finally {
      this.#module.try("findObjectsFinal", this.#handle);
    }
    // Read so that what the structures point to is kept until here.
    wanted.read();
    return [...handles.subarray(0, Number(count[0] ?? 0n))];
  }

  /**
   * Reads attributes of an object.
   *
   * @param object Its handle.
   * @param types Which.
   * @returns The value of each; null where the device has none.
   * @throws {UnavailableError} `keys.device`
   */
  read(object: bigint, ...types: readonly bigint[]): readonly (Uint8Array<ArrayBuffer> | null)[] {
    return types.map((type) => {
      const wanted = new Attributes([[type, new Uint8Array(MAX_VALUE_BYTES)]]);
      const args = [this.#handle, object, wanted.structures, wanted.count] as const;
      const value = this.#module.try("getAttributeValue", ...args);
      const [read = null] = wanted.read();
      if (value === CKR.ok) return read;
      if (value === CKR.attributeTypeInvalid || value === CKR.attributeSensitive) return null;
      throw deviceFailed("show its key", value);
    });
  }

  /**
   * Signs.
   *
   * @param key Handle of the key.
   * @param mechanism CK_MECHANISM_TYPE.
   * @param data What is signed.
   * @param before Is done between the beginning and the signature.
   * @throws {UnavailableError} `keys.device`
   */
  sign(
    key: bigint,
    mechanism: bigint,
    data: Uint8Array<ArrayBuffer>,
    before: () => void,
  ): Uint8Array<ArrayBuffer> {
    this.#module.call("signInit", "sign", this.#handle, words(mechanism, 0n, 0n), key);
    before();
    const signature = new Uint8Array(MAX_VALUE_BYTES);
    const length = words(BigInt(signature.length));
    const size = BigInt(data.length);
    this.#module.call("sign", "sign", this.#handle, data, size, signature, length);
    return signature.slice(0, Number(length[0] ?? 0n));
  }

  /** Ends the session; with the last one the device logs out. */
  close(): void {
    this.#module.try("closeSession", this.#handle);
  }
}

const PIN_REASONS: readonly (readonly [bigint, string])[] = [
  [CKR.pinIncorrect, "it is wrong"],
  [CKR.pinInvalid, "it has characters that the device does not take"],
  [CKR.pinLength, "it is too short or too long"],
  [CKR.pinExpired, "it has expired"],
  [CKR.pinLocked, "after too many wrong ones it is locked"],
  [CKR.pinNotInitialised, "the device has none yet"],
];
