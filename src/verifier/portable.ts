/**
 * `verify` and `examine` with the portable engine alone, for places where WASM
 * may not be compiled: nothing of the WASM module, not even its text, comes
 * along with this module.
 *
 * @module
 */

import type { Engine } from "../core/crypto.ts";
import { InputError } from "../core/errors.ts";
import { examine as examineWith } from "./examine.ts";
import type { Request } from "./request.ts";
import type { Result } from "../results/result.ts";
import { verify as verifyWith } from "./verify.ts";

/** What is to be verified, by the portable engine. */
export type PortableRequest = Request & {
  /** The only engine that is here. */
  readonly engine?: "portable";
};

/** Stands where the WASM module would; {@linkcode portableOnly} lets nobody ask it. */
const ABSENT: Engine = {
  run: (operation) =>
    Promise.reject(new Error(`Cannot run ${operation}: WASM is not here [engine.failed]`)),
};

/**
 * Verifies evidence and resolves only when it is to be trusted, as `verify` of
 * the whole library does, without WASM.
 *
 * @example Verify a SEV-SNP report where a strict CSP forbids WASM
 * ```ts
 * import { verify } from "@casemate/casemate/portable";
 * import { createAmdAuthority, mintSnp } from "@casemate/casemate/lab";
 *
 * const now = new Date();
 * const nonce = crypto.getRandomValues(new Uint8Array(32));
 * // In earnest these files come from the node and from AMD's Key Distribution Service.
 * const authority = await createAmdAuthority({ line: "Genoa", now });
 * const minted = await mintSnp(authority, { now, reportData: nonce });
 * const bytes = (pem: string) => new TextEncoder().encode(pem);
 *
 * const { outcome } = await verify({
 *   variant: "sev-snp",
 *   evidence: {
 *     report: minted.report,
 *     leaf: bytes(minted.leaf),
 *     chainAskArk: bytes(minted.chain),
 *     crls: [bytes(minted.crl)],
 *   },
 *   profile: "crypto-only",
 *   now,
 *   labRoots: [bytes(minted.root)],
 * });
 * if (outcome !== "genuine") throw new Error("not genuine");
 * ```
 *
 * @param request Evidence, expectation, policy and time.
 * @throws {NotTrustedError} verdicts `rejected` and `platform-only`, with the deciding code.
 * @throws {NotExaminedError} verdict `unavailable`, as without revocation list.
 * @throws {InputError} when the request itself is wrong, also where it asks for another engine.
 */
export async function verify(request: PortableRequest): Promise<Result> {
  return await verifyWith(ABSENT, portableOnly(request));
}

/**
 * Examines evidence and says what came of it, whatever it is, without WASM. For
 * showing; to decide, use {@linkcode verify}.
 *
 * @param request Evidence, expectation, policy and time.
 * @throws {InputError} when the request itself is wrong, also where it asks for another engine.
 */
export async function examine(request: PortableRequest): Promise<Result> {
  return await examineWith(ABSENT, portableOnly(request));
}

/** A caller who is not typed may give anything; what is no request is refused by its reader. */
function portableOnly(request: Request): Request {
  const engine = request?.engine ?? "portable";
  if (engine === "portable") return { ...request, engine };
  throw new InputError(
    "Cannot verify: only the engine portable is here; the others come with the whole library",
    { code: "input.value", fields: { field: "engine", expected: "portable" } },
  );
}
