/**
 * Addresses of agents.
 *
 * @module
 */

import { flagError } from "../input/given.ts";

const FORM = /^https:\/\/[a-z0-9.[\]:-]{1,250}$/;

/**
 * Reads an address.
 *
 * @param flag What it was given as, as `--url`.
 * @param text As it was given.
 * @throws {InputError} `input.value`
 */
export function readAgentUrl(flag: string, text: string): string {
  if (FORM.test(text) && URL.canParse(text)) return text;
  const message = `Cannot use ${flag} ${JSON.stringify(text)}: expected https://10.0.0.4:9000`;
  throw flagError("input.value", message, flag);
}
