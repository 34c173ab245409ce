/**
 * `verify` and `examine` for places that give a compiled `WebAssembly.Module`
 * and compile none from bytes, as Cloudflare Workers: neither the WASM module
 * nor its text comes along with this module.
 *
 * @module
 */

import { createEngine, type Engine } from "../core/crypto.ts";
import { type EnvelopeTerms, requestOfEnvelope } from "./envelope.ts";
import { examine } from "./examine.ts";
import type { Request } from "./request.ts";
import type { Result } from "../results/result.ts";
import { verify } from "./verify.ts";

export type { EnvelopeTerms } from "./envelope.ts";
export type { Request } from "./request.ts";
export type { Result } from "../results/result.ts";
export { NotExaminedError, NotTrustedError } from "./verify.ts";

/** The functions of the whole library, over one module. */
export interface Verifier {
  /** The engine below, for what else takes one. */
  readonly engine: Engine;
  /**
   * Verifies evidence and resolves only when it is to be trusted.
   *
   * @param request Evidence, expectation, policy and time.
   * @throws {NotTrustedError} verdicts `rejected` and `platform-only`, with the deciding code.
   * @throws {NotExaminedError} verdict `unavailable`, as without revocation list.
   * @throws {InputError} when the request itself is wrong.
   */
  verify(request: Request): Promise<Result>;
  /**
   * Examines evidence and says what came of it, whatever it is. For showing; to decide, use `verify`.
   *
   * @param request Evidence, expectation, policy and time.
   * @throws {InputError} when the request itself is wrong.
   */
  examine(request: Request): Promise<Result>;
  /**
   * Verifies evidence with its statement, as a node sends it, and resolves only when it is to be trusted.
   *
   * @param envelope An envelope, or a CMW record of one (RFC 9999).
   * @param terms Question, policy, reference values, time, endorsements.
   * @throws {NotTrustedError} verdicts `rejected` and `platform-only`, with the deciding code.
   * @throws {NotExaminedError} verdict `unavailable`, as without revocation list.
   * @throws {InputError} when the envelope is none, or the terms are wrong.
   */
  verifyEnvelope(envelope: Uint8Array, terms: EnvelopeTerms): Promise<Result>;
  /**
   * Examines evidence with its statement and says what came of it, whatever it is. For showing; to decide, use
   * `verifyEnvelope`.
   *
   * @param envelope An envelope, or a CMW record of one.
   * @param terms Question, policy, reference values, time, endorsements.
   * @throws {InputError} when the envelope is none, or the terms are wrong.
   */
  examineEnvelope(envelope: Uint8Array, terms: EnvelopeTerms): Promise<Result>;
}

/**
 * A verifier over a module that the platform compiled.
 *
 * ```ts ignore
 * import { createVerifier } from "@casemate/casemate/workerd";
 * import module from "./casemate_core_bg.wasm"; // which wrangler gives as a WebAssembly.Module
 *
 * const { verify } = createVerifier(module);
 * ```
 *
 * @example Compile the module where that is allowed, and give it
 * ```ts
 * import { createVerifier } from "@casemate/casemate/workerd";
 *
 * import { LAB_STATEMENT, labAuthorities, mintVariant } from "@casemate/casemate/lab";
 *
 * const path = `${Deno.cwd()}/wasm/lib/casemate_core_bg.wasm`;
 * const { verifyEnvelope } = createVerifier(await WebAssembly.compile(await Deno.readFile(path)));
 *
 * const now = new Date();
 * const nonce = crypto.getRandomValues(new Uint8Array(32));
 * const question = { now, nonce, statement: LAB_STATEMENT };
 * const { envelope, reference, roots } = await mintVariant("qemu-vtpm", labAuthorities(now), question);
 *
 * const { says } = await verifyEnvelope(envelope, {
 *   expect: { nonce, clusterId: LAB_STATEMENT.clusterId },
 *   policy: { version: 1, allowLab: true, admitVariants: ["qemu-vtpm"] },
 *   reference: { version: 1, "qemu-vtpm": reference },
 *   now,
 *   labRoots: [new TextEncoder().encode(roots)],
 * });
 * console.log(says);
 * ```
 *
 * @param module `casemate_core_bg.wasm` of the same version, compiled. An instance is made at the first call.
 * @throws {TypeError} where it is no compiled module, as bytes or a promise are not.
 */
export function createVerifier(module: WebAssembly.Module): Verifier {
  const engine = createEngine(module);
  return {
    engine,
    verify: (request) => verify(engine, request),
    examine: (request) => examine(engine, request),
    // Asynchronous: what is wrong with the envelope is told by the promise.
    verifyEnvelope: async (envelope, terms) =>
      await verify(engine, requestOfEnvelope(envelope, terms)),
    examineEnvelope: async (envelope, terms) =>
      await examine(engine, requestOfEnvelope(envelope, terms)),
  };
}
