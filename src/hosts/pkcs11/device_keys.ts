/**
 * Devices that keep keys, by their PKCS #11 modules.
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../core/bytes.ts";
import type { DeviceKey, DeviceKeys } from "../../core/device_keys.ts";
import { sha384 } from "../../core/sha2.ts";
import { type PublicKey, readPublicKey, verifySignature } from "../../core/signing_key.ts";
import { Cryptoki } from "./cryptoki.ts";
import { askPin, readPinFile } from "./pin.ts";
import { deviceFailed, refuseKey } from "./refusal.ts";
import { CKA, CKO, findToken, Session, type Token } from "./session.ts";
import { type KeyPlace, readKeyUri } from "./uri.ts";

/** CKM_ECDSA: over a digest that was made here. */
const ECDSA = 0x1041n;

/** CKK_EC, as a word. */
const EC = "0300000000000000";

/** OBJECT IDENTIFIER of P-384 (RFC 5480 §2.1.1.1), DER. */
const P384 = "06052b81040022";

/** SubjectPublicKeyInfo up to the point, without the byte that says that it is not compressed. */
const SPKI_START = fromHex("3076301006072a8648ce3d020106052b81040022036200");

/** Bytes of a point that is not compressed, of its OCTET STRING, and of a signature. */
const [POINT_BYTES, WRAPPED_BYTES, SIGNATURE_BYTES] = [97, 99, 96];

/** CKR_DATA_INVALID, for what a device gives that is none. */
const DATA_INVALID = 0x20n;

/** What of a key is kept while it is open. */
interface Opened {
  readonly session: Session;
  readonly key: bigint;
  readonly publicKey: PublicKey;
  /** For devices that ask for each signature. */
  readonly again: (() => void) | null;
}

/** Modules that are loaded, each once: a second beginning is refused by them, and the first end would be everybody's. */
class Modules {
  readonly #loaded = new Map<string, { readonly module: Cryptoki; users: number }>();

  /** Loads a module, or takes it once more. */
  take(path: string): Cryptoki {
    const known = this.#loaded.get(path);
    const entry = known ?? { module: Cryptoki.load(path), users: 0 };
    entry.users++;
    this.#loaded.set(path, entry);
    return entry.module;
  }

  /** Gives it back; the last one ends it. */
  give(path: string): void {
    const entry = this.#loaded.get(path);
    if (entry === undefined || --entry.users > 0) return;
    this.#loaded.delete(path);
    entry.module.close();
  }
}

const modules = new Modules();

/** Devices of this machine. */
export const denoDeviceKeys: DeviceKeys = {
  async open(uri) {
    const place = readKeyUri(uri);
    const module = modules.take(place.module);
    try {
      return await openKey(module, place);
    } catch (error) {
      modules.give(place.module);
      throw error;
    }
  },
};

async function openKey(module: Cryptoki, place: KeyPlace): Promise<DeviceKey> {
  const token = findToken(module, place.token);
  const session = new Session(module, token);
  let pin: Uint8Array<ArrayBuffer> | null = null;
  const end = () => {
    pin?.fill(0);
    session.close();
  };
  try {
    pin = token.wantsLogin && !token.hasPinPad ? await pinOf(place, token) : null;
    if (token.wantsLogin) session.login("normal", pin);
    const key = findPrivateKey(session, place);
    requireP384(session, key);
    const [always = null] = session.read(key, CKA.alwaysAuthenticate);
    const again = always?.[0] === 1 ? () => session.login("forSignature", pin) : null;
    const publicKey = await readPublicKey(spkiOf(session, key));
    return deviceKey({ session, key, publicKey, again }, () => {
      end();
      modules.give(place.module);
    });
  } catch (error) {
    end();
    throw error;
  }
}

async function pinOf({ pinFile }: KeyPlace, { label }: Token): Promise<Uint8Array<ArrayBuffer>> {
  return pinFile === undefined ? await askPin(label) : await readPinFile(pinFile);
}

/** The private key that the address names; no other and not one of several. */
function findPrivateKey(session: Session, { label, id }: KeyPlace): bigint {
  const found = session.find([
    [CKA.class, word(CKO.privateKey)],
    ...(label === undefined ? [] : [[CKA.label, concat(new TextEncoder().encode(label))] as const]),
    ...(id === undefined ? [] : [[CKA.id, id] as const]),
  ]);
  const [key] = found;
  if (key === undefined || found.length > 1) {
    const many = found.length > 1 ? "Several private keys are" : "No private key is";
    throw refuseKey("keys.object", `${many} what the key's address says`);
  }
  return key;
}

function requireP384(session: Session, key: bigint): void {
  const [type = null, curve = null] = session.read(key, CKA.keyType, CKA.ecParams);
  if (type === null || toHex(type) !== EC || curve === null || toHex(curve) !== P384) {
    throw refuseKey("keys.kind", "The key in the device is not one of P-384");
  }
}

/** The public half: of the public key with the same id, or with the same label, or of the private key where the device keeps it there. */
function spkiOf(session: Session, key: bigint): Uint8Array<ArrayBuffer> {
  const names = [CKA.id, CKA.label].flatMap((type) => {
    const [value = null] = session.read(key, type);
    return value === null || value.length === 0 ? [] : [[type, value] as const];
  });
  const places = names.flatMap((name) => session.find([[CKA.class, word(CKO.publicKey)], name]));
  for (const place of [...places, key]) {
    const [read = null] = session.read(place, CKA.ecPoint);
    const point = read === null ? null : pointOf(read);
    if (point !== null) return concat(SPKI_START, point);
  }
  throw refuseKey("keys.object", "The device does not show the public half of the key");
}

/** DER of an OCTET STRING (PKCS #11 v2.40 §2.3.3), or the point itself as older devices have it. */
function pointOf(value: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const isWrapped = value.length === WRAPPED_BYTES && value[0] === 0x04 && value[1] === POINT_BYTES;
  const point = isWrapped ? value.slice(2) : value;
  return point.length === POINT_BYTES && point[0] === 0x04 ? point : null;
}

function deviceKey({ session, key, publicKey, again }: Opened, end: () => void): DeviceKey {
  let isOpen = true;
  return {
    publicKey,
    async sign(message) {
      if (!isOpen) throw new TypeError("Cannot sign: the device's key was closed");
      const signature = session.sign(key, ECDSA, concat(sha384(message)), () => again?.());
      // Of a device that has another public key beside this private one, nobody could verify anything.
      const isOwn = signature.length === SIGNATURE_BYTES &&
        await verifySignature(publicKey, message, signature);
      if (!isOwn) throw deviceFailed("give a signature of the key that it shows", DATA_INVALID);
      return signature;
    },
    close() {
      if (isOpen) end();
      isOpen = false;
    },
  };
}

/** CK_ULONG as an attribute's value. */
function word(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}
