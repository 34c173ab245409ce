/**
 * Writes the result of a verification as a token.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import type { SigningKey } from "../../core/signing_key.ts";
import { technologies } from "../../evidence/registry.ts";
import { readPolicy } from "../../policy/policy.ts";
import { signResult } from "../../results/ear.ts";
import { EAR_PROFILES } from "../../results/profile.ts";
import type { Result } from "../../results/result.ts";
import type { Request } from "../../verifier/request.ts";
import { readSigner } from "../collateral/key_files.ts";
import type { Context } from "../context.ts";
import { FileReader } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import {
  TOKEN_AUDIENCE_FLAG,
  TOKEN_FLAG,
  TOKEN_ISSUER_FLAG,
  TOKEN_KEY_FLAG,
  TOKEN_PROFILE_FLAG,
} from "./flags.ts";

/**
 * Signs and writes.
 *
 * @param context The machine.
 * @param given The flags, checked.
 * @param done The verification.
 * @returns What was written and where; nothing where trust could not be examined.
 * @throws {InputError} naming the flag to look at.
 */
export async function keepToken(
  { host }: Context,
  given: Given,
  { request, result }: { readonly request: Request; readonly result: Result },
): Promise<readonly (readonly [string, string])[]> {
  const path = given.text(TOKEN_FLAG) ?? "";
  const key = await readKey(given, new FileReader(host.files));
  if (result.verdict === "unavailable") {
    host.terminal.err("No token was written: trust could not be examined\n");
    return [];
  }
  const policy = readPolicy(request.policy, technologies, "given", request.now);
  const audience = given.text(TOKEN_AUDIENCE_FLAG);
  const issuer = given.text(TOKEN_ISSUER_FLAG);
  const profile = EAR_PROFILES.find((one) => one === given.text(TOKEN_PROFILE_FLAG));
  const token = await signNamed(result, key, {
    build: `casemate ${host.build.version}`,
    platformOnly: policy.tokens.platformOnly,
    ...(audience === undefined ? {} : { audience }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(profile === undefined ? {} : { profile }),
  });
  const bytes = new TextEncoder().encode(`${token}\n`);
  await pointingAt(`--${TOKEN_FLAG}`, () => host.files.write(path, bytes, false));
  return [["token", path]];
}

async function readKey(given: Given, reader: FileReader): Promise<SigningKey> {
  const flag = `--${TOKEN_KEY_FLAG}`;
  return await readSigner(reader, flag, given.text(TOKEN_KEY_FLAG) ?? "");
}

function signNamed(...args: Parameters<typeof signResult>): Promise<string> {
  return pointingAt(`--${TOKEN_FLAG}`, () => signResult(...args));
}

async function pointingAt<T>(flag: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw cause instanceof CasemateError ? renamed(cause, cause.message, flag) : cause;
  }
}
