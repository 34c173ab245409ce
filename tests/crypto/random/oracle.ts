/**
 * WebCrypto of Node, which is OpenSSL's: neither engine is, so it is the
 * oracle. It also signs with RSA, since paddings that are wrong on purpose are
 * no signatures to WebCrypto.
 *
 * @module
 */

import { fromBase64, toBase64 } from "../../../src/core/bytes.ts";
import { fromFileUrl } from "../../../scripts/process.ts";
import { LineProgram } from "../../oracle/line_program.ts";
import type { Scheme, Signature } from "../primitives.ts";

/** An RSA key of 4096 bits. */
export interface RsaPair {
  /** Private key, DER. */
  readonly pkcs8: Uint8Array<ArrayBuffer>;
  /** Public key, DER. */
  readonly spki: Uint8Array<ArrayBuffer>;
  /** Modulus. */
  readonly modulus: bigint;
}

/** The running oracle. */
export class WebCryptoOracle implements AsyncDisposable {
  readonly #program = new LineProgram(
    fromFileUrl(new URL("./node_webcrypto.mjs", import.meta.url)),
  );

  /** Whether each of some signatures is valid. */
  async verify(scheme: Scheme, signatures: readonly Signature[]): Promise<readonly boolean[]> {
    const items = signatures.map(({ key, message, signature }) => ({
      key: toBase64(key),
      message: toBase64(message),
      signature: toBase64(signature),
    }));
    const answer = await this.#program.ask({ op: "verify", scheme, items });
    return listOf(answer, signatures.length).map((one) => {
      if (typeof one !== "boolean") throw new Error("the oracle gave no verdict");
      return one;
    });
  }

  /** A new RSA key, which takes a second or some. */
  async generate(): Promise<RsaPair> {
    const { pkcs8, spki, modulus } = Object(await this.#program.ask({ op: "generate" }));
    const number = BigInt(`0x${[...fromBase64(modulus)].map(hexOf).join("")}`);
    return { pkcs8: fromBase64(pkcs8), spki: fromBase64(spki), modulus: number };
  }

  /** Each block, 512 bytes and below the modulus, raised to the private exponent. */
  async raise(
    pkcs8: Uint8Array,
    blocks: readonly Uint8Array[],
  ): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    const request = { op: "raw", pkcs8: toBase64(pkcs8), blocks: blocks.map(toBase64) };
    return listOf(await this.#program.ask(request), blocks.length).map((one) =>
      fromBase64(String(one))
    );
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

/** Whether Node is on this machine. */
export async function hasNode(): Promise<boolean> {
  try {
    return (await new Deno.Command("node", { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function listOf(answer: unknown, length: number): readonly unknown[] {
  if (!Array.isArray(answer) || answer.length !== length) {
    throw new Error("the oracle gave no list");
  }
  return answer;
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
