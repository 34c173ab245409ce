/**
 * The mistakes of other verifiers that concern Google Cloud
 * (`docs/known_mistakes.md`). Each test's name starts with the id of the mistake
 * that it holds off.
 *
 * @module
 */

import "./known_mistakes/attestation_key.ts";
import "./known_mistakes/registers.ts";
import "./known_mistakes/words.ts";
