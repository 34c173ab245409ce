/**
 * Files of verifiers' keys: each key that comes out is one that an independent
 * library finds in the file, and nothing secret is taken.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { toHex } from "../../../src/core/bytes.ts";
import { plainHash } from "../../../src/core/labelled_hash.ts";
import { keyPem, SIGNING_KEY_KINDS, verifySignature } from "../../../src/core/signing_key.ts";
import { jwkOf, readVerifierKeys } from "../../../src/results/jwks.ts";
import { verifierKey } from "../../results/tokens.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { jsonSteps, ODD_WORDS } from "./json_steps.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const STEPS: StepTable<Uint8Array> = jsonSteps({
  raws: [
    ...[
      '"EC"',
      '"OKP"',
      '"RSA"',
      '"oct"',
      '"P-256"',
      '"P-384"',
      '"P-521"',
      '"Ed25519"',
      '"X25519"',
    ],
    ...['"sig"', '"enc"', '["verify"]', '["sign"]', '"ES256"', '"ES384"', '"EdDSA"', '"RS256"'],
    ...[`"${"A".repeat(43)}"`, `"${"_".repeat(43)}"`, `"${"A".repeat(64)}"`, ...ODD_WORDS.raws],
  ],
  names: ["keys", "kty", "crv", "x", "y", "d", "k", "use", "key_ops", "alg", "kid", "x5c", "x5u"],
});

let loaded: Promise<readonly Uint8Array[]> | undefined;

/** A set, each key alone, and the other forms of a key. */
async function starts(): Promise<readonly Uint8Array[]> {
  const keys = await Promise.all(SIGNING_KEY_KINDS.map((kind) => verifierKey(kind)));
  const open = keys.map(({ publicKey }) => publicKey);
  const jwks = open.map(jwkOf);
  return [
    ...[{ keys: jwks }, { keys: jwks }, ...jwks].map((value) => utf8(JSON.stringify(value))),
    ...open.map(({ spki }) => utf8(keyPem("PUBLIC KEY", spki))),
    ...open.map(({ spki }) => spki),
  ];
}

type Members = Readonly<Record<string, unknown>>;

/** What stands in a file as keys. */
function membersIn(file: Uint8Array): readonly Members[] {
  const value = Object(JSON.parse(new TextDecoder().decode(file)));
  return "keys" in value ? value.keys : [value];
}

/** Id of the key that WebCrypto finds, whatever it says that it is for; null where there is none. */
async function idOf({ kty, crv, x, y }: Members): Promise<string | null> {
  const ec = kty === "EC";
  const algorithm = ec ? { name: "ECDSA", namedCurve: String(crv) } : { name: String(crv) };
  const jwk = { kty, crv, x, ...(ec ? { y } : {}) };
  try {
    const key = await crypto.subtle.importKey("jwk", jwk as JsonWebKey, algorithm, true, [
      "verify",
    ]);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", key));
    return toHex(plainHash("sha256", spki));
  } catch (error) {
    // It says in many ways that something is no key, some of them only where it is written again.
    if (error instanceof Error) return null;
    throw error;
  }
}

async function endOf(file: Uint8Array): Promise<string> {
  try {
    const keys = await readVerifierKeys(file);
    assert.ok(keys.length > 0, "there is a key");
    for (const key of keys) {
      assert.equal(key.id, toHex(plainHash("sha256", key.spki)));
      // That it can be used at all: a signature of zeros is none.
      const length = key.kind === "P-384" ? 96 : 64;
      assert.equal(await verifySignature(key, file, new Uint8Array(length)), false);
    }
    if (!/^\s*\{/.test(new TextDecoder().decode(file))) return `read ${keys.length}, no JSON`;
    const members = membersIn(file);
    assert.ok(members.every((one) => !("d" in one) && !("k" in one)), "it holds a secret");
    const known = await Promise.all(members.map(idOf));
    assert.deepEqual(keys.filter(({ id }) => !known.includes(id)), [], "nobody else finds it");
    return `read ${keys.length}`;
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^(key\.(wrong_kind|malformed)|results\.jwks)$/);
    return error.code;
  }
}

interface Given {
  readonly start: number;
  readonly steps: readonly Step[];
}

/** Files of keys. */
export const keySet: Kind = kindOf<Given>({
  id: "key-set",
  says: "files of verifiers' keys",
  given: async () => {
    const files = await (loaded ??= starts());
    return fc.record({ start: fc.nat(files.length - 1), steps: someSteps(STEPS, { "tree": 10 }) });
  },
  async judge({ start, steps }) {
    const files = await (loaded ??= starts());
    const file = await takeSteps(STEPS, files[start] ?? new Uint8Array(), steps);
    return await timed(() => endOf(file), { keys: file });
  },
});
