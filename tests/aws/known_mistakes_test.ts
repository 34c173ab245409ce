/**
 * The mistakes of other verifiers that concern AWS (`docs/known_mistakes.md`).
 * Each test's name starts with the id of the mistake that it holds off.
 *
 * One entry for all topics, so that the lab's keys are made once.
 *
 * @module
 */

import "./known_mistakes/documents.ts";
import "./known_mistakes/variants.ts";
import "./known_mistakes/words.ts";
