/**
 * The mistakes of other verifiers that concern Intel TDX (`docs/known_mistakes.md`).
 * Each test's name starts with the id of the mistake that it holds off.
 *
 * One entry for all topics, so that the lab's keys are made once.
 *
 * @module
 */

import "./known_mistakes/freshness.ts";
import "./known_mistakes/collateral.ts";
import "./known_mistakes/platform.ts";
import "./known_mistakes/times.ts";
import "./known_mistakes/quoting_enclave.ts";
import "./known_mistakes/module.ts";
import "./known_mistakes/status.ts";
import "./known_mistakes/levels.ts";
import "./known_mistakes/revocation.ts";
import "./known_mistakes/revoked.ts";
import "./known_mistakes/chain.ts";
import "./known_mistakes/certificates.ts";
import "./known_mistakes/roots.ts";
import "./known_mistakes/documents.ts";
import "./known_mistakes/tcb_signing.ts";
import "./known_mistakes/sizes.ts";
import "./known_mistakes/layout.ts";
import "./known_mistakes/registers.ts";
import "./known_mistakes/attestation_key.ts";
