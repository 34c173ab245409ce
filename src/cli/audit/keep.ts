/**
 * Keeps a verification: as a bundle with `--audit`, as a page with `--html`.
 *
 * @module
 */

import { inlineEngine } from "../../core/crypto_inline.ts";
import { readPublicKey } from "../../core/signing_key.ts";
import { writeBundle } from "../../audit/bundle.ts";
import { confirmBundle } from "../../audit/confirm.ts";
import { readBundle } from "../../audit/read.ts";
import type { SignedValues } from "../../audit/written.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { SignedReference } from "../../policy/reference/signed.ts";
import type { Result } from "../../results/result.ts";
import type { Request } from "../../verifier/request.ts";
import type { Context } from "../context.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { AUDIT_FLAG, HTML_FLAG, OWNER_KEY_FLAG, REFERENCE_FLAG } from "../verify_flags.ts";
import { auditLine, sameLine } from "./same_check.ts";
import { writeNamed, writePage } from "./write.ts";

/** A verification. */
export interface Kept {
  /** What was verified. */
  readonly request: Request;
  /** What came of it. */
  readonly result: Result;
  /** Technology of the evidence. */
  readonly technology: AnyTechnology;
}

/**
 * Writes what the flags ask for, before the verdict is told: who asks for a
 * record shall not get the one without the other.
 *
 * @param context The machine.
 * @param given The flags.
 * @param kept The verification.
 * @returns The files that were written, with what they are.
 * @throws {InputError} naming the flag to look at.
 */
export async function keepVerification(
  { host }: Context,
  given: Given,
  { request, result, technology }: Kept,
): Promise<readonly (readonly [string, string])[]> {
  const bundle = given.maybe(AUDIT_FLAG);
  const page = given.maybe(HTML_FLAG);
  if (bundle !== undefined) {
    const signed = await signedValues(host, given, request);
    const bytes = await confirmed(request, result, host.build.version, signed);
    await writeNamed(host, { flag: `--${AUDIT_FLAG}`, path: bundle }, bytes);
  }
  if (page !== undefined) {
    // What was fetched then is not what would be fetched now: the bundle alone has it.
    const fetched = result.collateral.length > 0;
    const commands = [
      ...(fetched ? [] : [sameLine(given, result)]),
      ...(bundle === undefined ? [] : [auditLine(bundle, result.digests.policy)]),
    ];
    await writePage(host, { flag: `--${HTML_FLAG}`, path: page }, result, { technology, commands });
  }
  return [
    ...(bundle === undefined ? [] : [["audit bundle", bundle] as const]),
    ...(page === undefined ? [] : [["report", page] as const]),
  ];
}

/** A bundle is written only where it comes to the same result. */
async function confirmed(
  request: Request,
  result: Result,
  casemate: string,
  signed: SignedValues | undefined,
): Promise<Uint8Array> {
  const options = signed === undefined ? { casemate } : { casemate, signed };
  const bytes = writeBundle(request, result, options);
  const bundle = readBundle(bytes, "the audit bundle");
  await confirmBundle(inlineEngine, bundle, { labRoots: request.labRoots ?? [] }, casemate);
  return bytes;
}

/** Signed reference values are kept as they were signed. */
async function signedValues(
  { files }: Context["host"],
  given: Given,
  { reference }: Request,
): Promise<SignedValues | undefined> {
  if (!(reference instanceof SignedReference)) return undefined;
  const reader = new FileReader(files);
  const read = async (name: string): Promise<Uint8Array> => {
    const flag = `--${name}`;
    const path = given.maybe(name) ?? "";
    if (path !== "-") return (await reader.read(flag, path)).bytes;
    const message =
      `Cannot keep what ${flag} gives on standard input: give --${AUDIT_FLAG} a file of it`;
    throw flagError("input.conflict", message, `${flag}, --${AUDIT_FLAG}`);
  };
  const envelope = await read(REFERENCE_FLAG);
  return { envelope, key: (await readPublicKey(await read(OWNER_KEY_FLAG))).spki };
}
