/**
 * The mistakes of other verifiers that concern quotes of TPMs and event logs
 * (`docs/known_mistakes.md`). Each test's name starts with the id of the mistake
 * that it holds off.
 *
 * One entry for all topics, so that the lab's keys are made once.
 *
 * @module
 */

import "./known_mistakes/quote.ts";
import "./known_mistakes/selection.ts";
import "./known_mistakes/values.ts";
import "./known_mistakes/nonce.ts";
