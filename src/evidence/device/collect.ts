/**
 * Collects evidence for a statement, and writes the envelope around both.
 *
 * @module
 */

import { writeEnvelope } from "../envelope/envelope.ts";
import { bindingOf } from "../statement/binding.ts";
import { readStatement } from "../statement/read.ts";
import type { NodeDevices } from "./devices.ts";
import type { Issuer } from "./issuer.ts";
import { deviceError } from "./refused.ts";

/**
 * Collects evidence that answers a statement and a nonce, and writes the envelope.
 * Who answers several questions at once takes a {@linkcode Collector}.
 *
 * @param issuer Who collects.
 * @param devices What the node has.
 * @param statement Bytes of the statement; its variant must be the issuer's, its purpose decides what must answer.
 * @param nonce The verifier's nonce, 32 bytes.
 * @returns The envelope, JSON in UTF-8.
 * @throws {UnavailableError} `device.*`, `tpm.*`
 * @throws {RejectedError} `statement.*` where the statement is none.
 */
export async function collectEnvelope(
  issuer: Issuer,
  devices: NodeDevices,
  statement: Uint8Array,
  nonce: Uint8Array,
): Promise<Uint8Array> {
  const { variant, purpose } = readStatement(statement);
  if (variant !== issuer.variant) {
    const fields = { expected: issuer.variant, actual: variant };
    const message = `Cannot collect evidence of ${issuer.variant} for a statement of ${variant}`;
    throw deviceError("device.variant_mismatch", message, fields);
  }
  const question = { binding: bindingOf(nonce, statement), purpose };
  const files = { ...devices.papers, ...await issuer.issue(devices, question) };
  return writeEnvelope(variant, statement, files);
}

/**
 * Answers one question after the other: a TPM has room for three keys, and a
 * paravisor for one question.
 */
export class Collector {
  readonly #issuer: Issuer;
  readonly #devices: NodeDevices;
  #before: Promise<unknown> = Promise.resolve();

  /**
   * @param issuer Who collects.
   * @param devices What the node has.
   */
  constructor(issuer: Issuer, devices: NodeDevices) {
    this.#issuer = issuer;
    this.#devices = devices;
  }

  /**
   * Collects, when the questions before are answered; as {@linkcode collectEnvelope}.
   *
   * @param statement Bytes of the statement.
   * @param nonce The verifier's nonce, 32 bytes.
   */
  collect(statement: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> {
    const collected = this.#before.then(() =>
      collectEnvelope(this.#issuer, this.#devices, statement, nonce)
    );
    this.#before = collected.catch(() => {});
    return collected;
  }
}
