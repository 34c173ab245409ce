/**
 * Loaded before the examples of docstrings run, so that their labs get the keys that tests keep.
 *
 * @module
 */

import { handOutKeptKeys } from "./keys.ts";

handOutKeptKeys();
