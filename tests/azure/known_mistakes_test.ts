/**
 * The mistakes of other verifiers that concern Azure (`docs/known_mistakes.md`).
 * Each test's name starts with the id of the mistake that it holds off.
 *
 * One entry for all topics, so that the lab's keys are made once.
 *
 * @module
 */

import "./known_mistakes/attestation_key.ts";
import "./known_mistakes/boot_report.ts";
import "./known_mistakes/paravisor.ts";
import "./known_mistakes/sizes.ts";
