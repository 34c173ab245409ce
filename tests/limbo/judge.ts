/**
 * Asks both engines and OpenSSL.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Engine } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { pem } from "../../src/lab/mod.ts";
import { openssl } from "../../src/lab/openssl_test.ts";
import { NOW } from "../lab_authority.ts";
import { portableEngine } from "../portable/strict.ts";
import type { Path } from "./chain.ts";

const portable = await portableEngine();

async function saidBy(
  engine: Engine,
  ask: (engine: Engine) => Promise<unknown>,
): Promise<string> {
  try {
    await ask(engine);
    return "accepted";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

/**
 * What both engines say, who must agree: `accepted`, or a code.
 *
 * @param ask Asks one.
 * @param what Names the case where they do not.
 */
export async function verdictOf(
  ask: (engine: Engine) => Promise<unknown>,
  what: string,
): Promise<string> {
  const wasm = await saidBy(inlineEngine, ask);
  assert.equal(await saidBy(portable, ask), wasm, `${what}: the portable engine says otherwise`);
  return wasm;
}

const AT: readonly string[] = ["-attime", `${NOW.getTime() / 1000}`];

/**
 * Whether OpenSSL builds the path to the root, which it is told to trust.
 *
 * @param path The certificates.
 * @param trusted Its root.
 */
export async function isPathForOpenssl(
  [leaf, ...issuers]: Path,
  trusted: Uint8Array = issuers.at(-1) ?? leaf,
): Promise<boolean> {
  const args = ["verify", "-no-CApath", "-no-CAstore", "-check_ss_sig", ...AT];
  const { ok } = await openssl(
    [...args, "-CAfile", "root.pem", "-untrusted", "others.pem", "leaf.pem"],
    {
      "root.pem": pem("CERTIFICATE", trusted),
      "others.pem": issuers.map((one) => pem("CERTIFICATE", one)).join(""),
      "leaf.pem": pem("CERTIFICATE", leaf),
    },
  );
  return ok;
}

/**
 * Whether OpenSSL finds a list signed by an issuer; it does not say what the list means.
 *
 * @param list The list.
 * @param issuer The issuer.
 */
export async function isListForOpenssl(list: Uint8Array, issuer: Uint8Array): Promise<boolean> {
  const { ok, text } = await openssl(
    ["crl", "-inform", "DER", "-in", "list.der", "-CAfile", "issuer.pem", "-noout"],
    { "list.der": list, "issuer.pem": pem("CERTIFICATE", issuer) },
  );
  return ok && /verify OK/.test(text);
}

/** Where OpenSSL says otherwise than the engines; each must be explained, and each explanation met. */
export class Differences {
  readonly #given: ReadonlyMap<string, string | undefined>;
  readonly #met = new Set<string>();

  /**
   * Starts.
   *
   * @param cases Cases with their explanations.
   */
  constructor(cases: readonly { readonly what: string; readonly openssl?: string }[]) {
    this.#given = new Map(cases.map(({ what, openssl }) => [what, openssl]));
  }

  /** Asserts that a difference is explained. */
  note(what: string, isAccepted: boolean, byOpenssl: boolean, where: string): void {
    if (isAccepted === byOpenssl) return;
    const verb = byOpenssl ? "accepts" : "refuses";
    assert.ok(this.#given.get(what), `OpenSSL ${verb} ${where}, and nothing says why`);
    this.#met.add(what);
  }

  /** Asserts that no explanation is too many. */
  settle(): void {
    const explained = [...this.#given].filter(([, openssl]) => openssl !== undefined);
    const stale = explained.map(([what]) => what).filter((what) => !this.#met.has(what));
    assert.deepEqual(stale, [], "OpenSSL says the same of these after all");
  }

  /** How many cases differ. */
  get count(): number {
    return this.#met.size;
  }
}
