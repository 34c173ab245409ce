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
import "./known_mistakes/signature.ts";
import "./known_mistakes/attestation_key.ts";
import "./known_mistakes/state.ts";
import "./known_mistakes/log_types.ts";
import "./known_mistakes/log_data.ts";
import "./known_mistakes/separators.ts";
import "./known_mistakes/starting_values.ts";
import "./known_mistakes/log_sizes.ts";
import "./known_mistakes/boot_loaders.ts";
import "./known_mistakes/register_numbers.ts";
import "./known_mistakes/leftovers.ts";
