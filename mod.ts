/**
 * Casemate: confidential Kubernetes that proves itself. This library verifies
 * attestation evidence, offline, without trusting the cloud that serves it.
 *
 * @module
 */

export { examine, verify } from "./src/verifier/inline.ts";
export type { Expectation, Request, RequestFor } from "./src/verifier/request.ts";
export { NotExaminedError, NotTrustedError } from "./src/verifier/verify.ts";
export type { Outcome, Profile, Result, Verdict } from "./src/verifier/result.ts";
export type { Finding, FindingKind, Root } from "./src/evidence/finding.ts";
export {
  CasemateError,
  InputError,
  OperationError,
  RejectedError,
  UnavailableError,
} from "./src/core/errors.ts";
export type { ErrorDetails, ErrorFields } from "./src/core/errors.ts";
