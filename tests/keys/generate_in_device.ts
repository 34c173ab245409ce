/**
 * Makes a P-384 key pair inside a token of SoftHSM, as owners do on hardware:
 * the private half never was anywhere else.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Attributes, words } from "../../src/hosts/pkcs11/cryptoki.ts";
import { MODULE, PIN } from "./softhsm.ts";

/** CKM_EC_KEY_PAIR_GEN. */
const EC_KEY_PAIR_GEN = 0x1040n;

const YES = Uint8Array.of(1);

const SYMBOLS = {
  C_Initialize: { parameters: ["pointer"], result: "u64" },
  C_Finalize: { parameters: ["pointer"], result: "u64" },
  C_GetSlotList: { parameters: ["u8", "buffer", "buffer"], result: "u64" },
  C_OpenSession: {
    parameters: ["u64", "u64", "pointer", "pointer", "buffer"],
    result: "u64",
  },
  C_Login: { parameters: ["u64", "u64", "buffer", "u64"], result: "u64" },
  C_GenerateKeyPair: {
    parameters: ["u64", "buffer", "buffer", "u64", "buffer", "u64", "buffer", "buffer"],
    result: "u64",
  },
} as const;

/** What the key is. */
export interface KeyInDevice {
  /** Label of both halves. */
  readonly label: string;
  /** Id of both halves. */
  readonly id: Uint8Array<ArrayBuffer>;
  /** Whether the device wants the PIN for each signature. */
  readonly alwaysAuthenticate: boolean;
}

/**
 * Makes the key in the first token that there is.
 *
 * @param key What it is.
 */
export function generateInDevice({ label, id, alwaysAuthenticate }: KeyInDevice): void {
  const library = Deno.dlopen(MODULE, SYMBOLS);
  const { symbols } = library;
  try {
    succeed(symbols.C_Initialize(null));
    const slots = words(0n, 0n, 0n, 0n);
    succeed(symbols.C_GetSlotList(1, slots, words(4n)));
    const session = words(0n);
    // Serial, and writing.
    succeed(symbols.C_OpenSession(slots[0] ?? 0n, 6n, null, null, session));
    const [handle = 0n] = session;
    const pin = new TextEncoder().encode(PIN);
    succeed(symbols.C_Login(handle, 1n, pin, BigInt(pin.length)));
    const name = [[0x3n, new TextEncoder().encode(label)], [0x102n, id], [0x1n, YES]] as const;
    const curve = Uint8Array.of(6, 5, 0x2b, 0x81, 4, 0, 0x22);
    const open = new Attributes([...name, [0x180n, curve], [0x10an, YES]]);
    const always = alwaysAuthenticate ? [[0x202n, YES] as const] : [];
    const secret = new Attributes([
      ...name,
      ...[0x2n, 0x103n, 0x108n].map((type) => [type, YES] as const),
      ...always,
    ]);
    succeed(symbols.C_GenerateKeyPair(
      handle,
      words(EC_KEY_PAIR_GEN, 0n, 0n),
      open.structures,
      open.count,
      secret.structures,
      secret.count,
      words(0n),
      words(0n),
    ));
    // Kept until here.
    open.read();
    secret.read();
  } finally {
    symbols.C_Finalize(null);
    library.close();
  }
}

function succeed(value: bigint): void {
  assert.equal(value, 0n);
}
