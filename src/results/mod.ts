/**
 * Tokens about a verification (Entity Attestation Results), for who issues them and for who relies
 * on them. Nothing of the verification of evidence comes along with it: no engine, no WASM.
 *
 * ```ts
 * import { generateSigningKey, jwkOf } from "@casemate/casemate/results";
 *
 * const { publicKey } = await generateSigningKey("Ed25519");
 * console.log(jwkOf(publicKey).kid);
 * ```
 *
 * @module
 */

export { type EarClaims, earClaims, signResult, type TokenOptions } from "./ear.ts";
export { examineToken, TokenNotTrustedError, type TokenResult, verifyToken } from "./judge.ts";
export type { TokenExpectation } from "./read.ts";
export { type Jwk, jwkOf, readVerifierKeys } from "./jwks.ts";
export {
  generateSigningKey,
  keyPem,
  type PublicKey,
  readPublicKey,
  readSigningKey,
  type SigningKey,
  type SigningKeyKind,
} from "../core/signing_key.ts";
export type { Result, Verdict } from "./result.ts";
export type { EarProfile } from "./profile.ts";
export type { PlatformOnly } from "./vector.ts";
export type { Appraisal, TokenClaims, VerifierId } from "./claims.ts";
export type {
  PrivateClaims,
  QuestionFreshness,
  StatedNode,
  TokenCollateral,
  TokenException,
  TokenReference,
  TokenVerdict,
} from "./private_claims.ts";
export type { Aspect, Status, TrustVector } from "./tier.ts";
export type { ResultsCode } from "./codes.ts";
