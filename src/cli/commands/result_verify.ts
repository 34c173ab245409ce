/**
 * `casemate result verify TOKEN`: the relying party's side.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import { fromHex } from "../../core/bytes.ts";
import type { PublicKey } from "../../core/signing_key.ts";
import { type Root, ROOT_STRENGTH } from "../../evidence/finding.ts";
import { examineToken } from "../../results/judge.ts";
import { EAR_PROFILES } from "../../results/profile.ts";
import type { TokenExpectation } from "../../results/read.ts";
import { exitCodeOf } from "../exit_codes.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { readMoment } from "../input/moment.ts";
import { readKeyFile, readTokenFile } from "../input/token_file.ts";
import { printableJson } from "../output/printable.ts";
import { renderToken } from "../output/token.ts";

/**
 * Verifies a token and says what came of it.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} naming the flag to look at.
 * @throws {RejectedError} `results.*` where the token is no answer to this question.
 */
export async function verifyResult(context: Context, path: string, given: Given): Promise<void> {
  const { host } = context;
  const reader = new FileReader(host.files);
  const expected = await readExpected(context, given, reader);
  const result = await examineToken(await readTokenFile(reader, path), expected);
  context.finish(exitCodeOf({ verdict: result.verdict, outcome: null }));
  host.terminal.out(
    readFormat(given.text("output")) === "json"
      ? `${printableJson(result)}\n`
      : renderToken(result, host.terminal),
  );
}

async function readExpected(
  { host }: Context,
  given: Given,
  reader: FileReader,
): Promise<TokenExpectation> {
  const at = given.text("at");
  const issuer = given.text("issuer");
  const profile = EAR_PROFILES.find((one) => one === given.text("ear-profile"));
  const roots = given.texts("accept-root").map(rootOf);
  return {
    audience: audienceOf(given),
    nonce: nonceOf(given),
    policy: policyOf(given),
    now: at === undefined ? host.clock.now() : readMoment(at, "--at"),
    allowLab: given.has("allow-lab"),
    ...(issuer === undefined ? {} : { issuer }),
    ...(profile === undefined ? {} : { profile }),
    ...(roots.length === 0 ? {} : { acceptRoots: roots }),
    keys: await keysOf(given, reader),
  };
}

function needed(given: Given, flag: string): string {
  const text = given.text(flag);
  if (text === undefined) throw missing(`--${flag}`);
  if (text !== "") return text;
  throw flagError("input.empty", `Cannot use --${flag}: it is empty`, `--${flag}`);
}

function audienceOf(given: Given): string | null {
  if (!given.has("no-audience")) return needed(given, "audience");
  if (given.has("audience")) {
    const message = "Cannot use --audience with --no-audience: one of them would be ignored";
    throw flagError("input.conflict", message, "--audience, --no-audience");
  }
  if ((given.text("ear-profile") ?? "casemate") !== "casemate") return null;
  const message = "Cannot use --no-audience with tokens of Casemate, which are for somebody";
  throw flagError("input.conflict", message, "--no-audience, --ear-profile");
}

function missing(flag: string): Error {
  return flagError("input.missing", `Cannot verify a token without ${flag}`, flag);
}

function nonceOf(given: Given): Uint8Array | null {
  const hex = given.text("nonce");
  const none = given.has("no-nonce");
  if (none && hex !== undefined) {
    const message = "Cannot use --nonce with --no-nonce: one of them would be ignored";
    throw flagError("input.conflict", message, "--nonce, --no-nonce");
  }
  if (none) return null;
  if (hex === undefined) throw missing("--nonce or --no-nonce");
  return hexOf("--nonce", needed(given, "nonce"), "8 to 64 bytes in hex", 8, 64);
}

function policyOf(given: Given): TokenExpectation["policy"] {
  const [digest, id] = [given.text("policy-digest"), given.text("policy-id")];
  if (digest !== undefined && id !== undefined) {
    const message = "Cannot use --policy-digest with --policy-id: one of them would be ignored";
    throw flagError("input.conflict", message, "--policy-digest, --policy-id");
  }
  if (id !== undefined) return { id: needed(given, "policy-id") };
  if (digest === undefined) throw missing("--policy-digest");
  hexOf("--policy-digest", digest, "32 bytes in hex", 32, 32);
  return { digest: digest.toLowerCase() };
}

function hexOf(flag: string, hex: string, form: string, min: number, max: number): Uint8Array {
  const isHex = /^(?:[0-9a-fA-F]{2})+$/.test(hex);
  if (isHex && hex.length >= 2 * min && hex.length <= 2 * max) return fromHex(hex);
  throw flagError("input.value", `Cannot use ${flag}: expected ${form}`, flag);
}

/** A lab's is not accepted by its root, but by `--allow-lab`. */
function rootOf(text: string): Root {
  const known = ["amd", "intel", "paravisor", "provider", "none"];
  const found = Object.keys(ROOT_STRENGTH).find((root): root is Root =>
    root === text && known.includes(root)
  );
  if (found !== undefined) return found;
  const near = nearest(text, known);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  const message = `Cannot use --accept-root ${JSON.stringify(text)}: expected ${
    known.join(", ")
  }${hint}`;
  throw flagError("input.value", message, "--accept-root");
}

async function keysOf(given: Given, reader: FileReader): Promise<readonly PublicKey[]> {
  const paths = given.texts("key");
  if (paths.length === 0) throw missing("--key");
  const keys: PublicKey[] = [];
  for (const path of paths) keys.push(...await readKeyFile(reader, "--key", path));
  return keys;
}
