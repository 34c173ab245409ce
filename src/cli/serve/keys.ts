/**
 * The keys of tokens, and what goes with them; they change while the service runs.
 *
 * @module
 */

import type { TokenKeys } from "../../api/parts.ts";
import type { PublicKey } from "../../core/signing_key.ts";
import { EAR_PROFILES } from "../../results/profile.ts";
import { readPublic, readSigner } from "../collateral/key_files.ts";
import type { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { TOKEN_ISSUER_FLAG, TOKEN_KEY_FLAG, TOKEN_PROFILE_FLAG } from "../token/flags.ts";
import { POLICY_FLAG } from "../verify_flags.ts";
import { ALSO_KEY_FLAG } from "./flags.ts";

/**
 * Reads the keys; null where no tokens are signed.
 *
 * @param given The flags.
 * @param reader Reads files.
 * @throws {InputError} naming the flag.
 */
export async function readTokenKeys(given: Given, reader: FileReader): Promise<TokenKeys | null> {
  const path = given.text(TOKEN_KEY_FLAG);
  if (path === undefined) return refuseStray(given);
  const issuer = readIssuer(given.text(TOKEN_ISSUER_FLAG));
  if (given.texts(POLICY_FLAG).length === 0) {
    const message =
      `Cannot sign tokens without --${POLICY_FLAG}: they are signed under the policies of the service alone`;
    throw flagError("input.missing", message, `--${POLICY_FLAG}`);
  }
  const signer = await readSigner(reader, `--${TOKEN_KEY_FLAG}`, path);
  const others: PublicKey[] = [];
  for (const also of given.texts(ALSO_KEY_FLAG)) {
    others.push(await readPublic(reader, `--${ALSO_KEY_FLAG}`, also));
  }
  const profile = EAR_PROFILES.find((one) => one === given.text(TOKEN_PROFILE_FLAG));
  return { signer, others, issuer, ...(profile === undefined ? {} : { profile }) };
}

/** What is said of tokens where none are signed would seem to have been heard. */
function refuseStray(given: Given): null {
  const stray = [ALSO_KEY_FLAG, TOKEN_ISSUER_FLAG, TOKEN_PROFILE_FLAG].find((flag) =>
    given.has(flag)
  );
  if (stray === undefined) return null;
  const message = `Cannot use --${stray} without --${TOKEN_KEY_FLAG}, which signs tokens`;
  throw flagError("input.missing", message, `--${TOKEN_KEY_FLAG}`);
}

/** Consumers find the keys below it, so it is an address. */
function readIssuer(text: string | undefined): string {
  const flag = `--${TOKEN_ISSUER_FLAG}`;
  if (text === undefined) {
    const message = `Cannot sign tokens without ${flag}: consumers find the keys there`;
    throw flagError("input.missing", message, flag);
  }
  if (/^https?:\/\/[^\s?#]+$/.test(text) && URL.canParse(text)) return text;
  const message = `Cannot use ${flag} ${
    JSON.stringify(text)
  }: expected the address of the service, as https://verify.example.org`;
  throw flagError("input.value", message, flag);
}
