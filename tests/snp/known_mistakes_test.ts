/**
 * The mistakes of other verifiers that concern SEV-SNP (`docs/known_mistakes.md`).
 * Each test's name starts with the id of the mistake that it holds off.
 *
 * One entry for all topics, so that the lab's keys are made once.
 *
 * @module
 */

import "./known_mistakes/signature.ts";
import "./known_mistakes/freshness.ts";
import "./known_mistakes/chip.ts";
import "./known_mistakes/tcb.ts";
import "./known_mistakes/product.ts";
import "./known_mistakes/certificates.ts";
import "./known_mistakes/roots.ts";
import "./known_mistakes/revocation.ts";
import "./known_mistakes/guest.ts";
import "./known_mistakes/format.ts";
import "./known_mistakes/verdict.ts";
import "./known_mistakes/real_verdict.ts";
