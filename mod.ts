/**
 * Casemate: confidential Kubernetes that proves itself. This library verifies
 * attestation evidence, offline, without trusting the cloud that serves it.
 *
 * @module
 */

// Verifying
export { examine, examineEnvelope, verify, verifyEnvelope } from "./src/verifier/inline.ts";
export { type EnvelopeTerms, requestOfEnvelope } from "./src/verifier/envelope.ts";
export type { Expectation } from "./src/verifier/expectation.ts";
export type { FilesOf, Request, RequestFor, RequestOf } from "./src/verifier/request.ts";
export { NotExaminedError, NotTrustedError } from "./src/verifier/verify.ts";
export type { EngineChoice } from "./src/verifier/engines.ts";
export { inlineEngine } from "./src/core/crypto_inline.ts";
export type {
  CollateralUsed,
  Digests,
  Outcome,
  Profile,
  ReferenceOrigin,
  ReferenceUsed,
  Result,
  Verdict,
} from "./src/results/result.ts";
export type { Known } from "./src/policy/reference/known.ts";
export type { Exception } from "./src/policy/exception.ts";
export type { Finding, FindingKind, Link, Root } from "./src/evidence/finding.ts";
export {
  CasemateError,
  InputError,
  OperationError,
  RejectedError,
  UnavailableError,
} from "./src/core/errors.ts";
export type { ErrorDetails, ErrorFields } from "./src/core/errors.ts";

// What can be verified
export { technologies, type TechnologyId } from "./src/evidence/registry.ts";
export type {
  AcceptCompromised,
  AppraiseContext,
  Check,
  Claim,
  FileInput,
  FilesByRole,
  Freshness,
  PolicyFlag,
  proof,
  RootContext,
  Rooted,
  RuntimeRegister,
  StatedFreshness,
  Technology,
  Verified,
  VerifyContext,
} from "./src/evidence/evidence.ts";
export type {
  CollateralAnswer,
  CollateralContent,
  CollateralContext,
  CollateralItem,
  CollateralQuestion,
  CollateralService,
} from "./src/evidence/collateral.ts";
export type { CodeClass, CodeEntry } from "./src/core/code_entry.ts";
export type { Engine, Exports, Operation } from "./src/core/crypto.ts";
export type { Operations, PortableOperation } from "./src/core/portable/engine.ts";
export type { Decoder, JsonSchema, Key } from "./src/core/decode.ts";
export type { Change, Direction } from "./src/core/direction.ts";
export type { Shown, ShownRow, ShownSection, ShownTable } from "./src/core/shown.ts";
export type { CertificateSummary } from "./src/core/x509.ts";
export type { SnpFiles } from "./src/evidence/snp/verify.ts";
export type { TdxFiles } from "./src/evidence/tdx/files.ts";
export type { QuoteFiles, TpmFiles } from "./src/evidence/tpm/files.ts";

// Statements and what binds them
export { readStatement, writeStatement } from "./src/evidence/statement/read.ts";
export {
  bindingOf,
  type PhaseBank,
  type PhaseMark,
  qualifyingDataOf,
  reportDataOf,
  runtimeRegisterOf,
} from "./src/evidence/statement/binding.ts";
export type { Phase, Purpose, Statement } from "./src/evidence/statement/statement.ts";
export type { StatementExpectation } from "./src/evidence/statement/expectation.ts";

// Attestation results: tokens about a verification
export { type EarClaims, earClaims, signResult, type TokenOptions } from "./src/results/ear.ts";
export {
  examineToken,
  TokenNotTrustedError,
  type TokenResult,
  verifyToken,
} from "./src/results/judge.ts";
export type { TokenExpectation } from "./src/results/read.ts";
export { type Jwk, jwkOf, readVerifierKeys } from "./src/results/jwks.ts";
export {
  generateSigningKey,
  keyPem,
  type PublicKey,
  readPublicKey,
  readSigningKey,
  type SigningKey,
  type SigningKeyKind,
} from "./src/core/signing_key.ts";
export type { CanonicalValue } from "./src/core/canonical_json.ts";
export type { EarProfile } from "./src/results/profile.ts";
export type { PlatformOnly } from "./src/results/vector.ts";
export type { Appraisal, TokenClaims, VerifierId } from "./src/results/claims.ts";
export type {
  PrivateClaims,
  QuestionFreshness,
  StatedNode,
  TokenCollateral,
  TokenException,
  TokenReference,
  TokenVerdict,
} from "./src/results/private_claims.ts";
export type { Aspect, Status, TrustVector } from "./src/results/tier.ts";
export type { ResultsCode } from "./src/results/codes.ts";

// Reference values that somebody signed
export {
  type Authenticated,
  ownerAuthority,
  REFERENCE_MEDIA_TYPE,
  type ReferenceAuthority,
  signReference,
} from "./src/policy/reference/authority.ts";
export { readSignedReference, SignedReference } from "./src/policy/reference/signed.ts";

// What is known of variants
export type { Layer } from "./src/evidence/variants/facts.ts";
export { VARIANTS } from "./src/evidence/variants/table.ts";
export type {
  AkProof,
  Measurement,
  QualifyingDataRule,
  ReportDataRule,
  VariantFacts,
  VariantId,
  WhatRuns,
} from "./src/evidence/variants/facts.ts";

// Envelopes around them
export { type Envelope, readEnvelope, writeEnvelope } from "./src/evidence/envelope/envelope.ts";
export {
  ENVELOPE_MEDIA_TYPE,
  openEnvelope,
  readCmw,
  writeCmwCbor,
  writeCmwJson,
} from "./src/evidence/envelope/cmw.ts";
export {
  type CarriedEvidence,
  CMW_EXTENSION,
  type CmwExtension,
  cmwExtension,
  evidenceOf,
} from "./src/evidence/envelope/certificate.ts";
