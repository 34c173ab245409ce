/**
 * From what was given and typed to a request.
 *
 * @module
 */

import { fromHex, toHex } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import { plainHash } from "../core/labelled_hash.ts";
import { readPublicKey } from "../core/signing_key.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { ownerAuthority } from "../policy/reference/authority.ts";
import { readSignedReference } from "../policy/reference/signed.ts";
import type { Candidate, Heap } from "../recognise/mod.ts";
import type { Request } from "../verifier/request.ts";
import type { Terms } from "./state.ts";

/** What a request is made of. */
export interface Given {
  /** The evidence. */
  readonly candidate: Candidate;
  /** What else was given. */
  readonly heap: Heap;
  /** What was typed. */
  readonly terms: Terms;
  /** SHA-256 of roots that somebody said to believe. */
  readonly believed: ReadonlySet<string>;
}

/**
 * Makes a request.
 *
 * @param given What was given.
 * @throws {InputError} where something typed is wrong, or documents contradict each other.
 * @throws {RejectedError} `dsse.*` where reference values are not of the key that was given.
 */
export async function requestFrom(given: Given): Promise<Request> {
  const { candidate, heap, terms, believed } = given;
  const { technology, statement } = candidate;
  const policy = policyOf(technology, heap, terms);
  const reference = await referenceOf(heap);
  const request: unknown = {
    variant: technology.id,
    evidence: believedFiles(candidate, believed),
    ...(statement === null ? {} : { statement }),
    expect: expectationOf(terms, statement !== null),
    ...(policy === undefined ? {} : { policy }),
    ...(reference === undefined ? {} : { reference }),
    now: terms.at ?? new Date(),
    labRoots: heap.labRoots.filter(({ sha256 }) => believed.has(sha256)).map(({ der }) => der),
  };
  // The verifier reads each part of it strictly, as of any caller that is not typed.
  return request as Request;
}

/** Roots are left out until somebody says that they are to be believed. */
function believedFiles({ technology, files }: Candidate, believed: ReadonlySet<string>): object {
  const isBelieved = (file: Uint8Array): boolean => believed.has(digestOf(file));
  return Object.fromEntries(
    Object.entries(files).flatMap(([role, file]) => {
      const input = technology.files.find((one) => one.role === role);
      if (input?.believed !== true || file === undefined) return [[role, file]];
      const kept = (file instanceof Uint8Array ? [file] : file).filter(isBelieved);
      return kept.length === 0 ? [] : [[role, input.multiple ? kept : kept[0]]];
    }),
  );
}

/**
 * SHA-256 of a file, hex.
 *
 * @param file The file.
 */
export function digestOf(file: Uint8Array): string {
  return toHex(plainHash("sha256", file));
}

function expectationOf({ question, nonce, data, stated }: Terms, isStated: boolean): object {
  if (question === "none") return { freshness: "none" };
  const said = Object.entries(stated).filter(([, text]) => text !== "" && isStated);
  return {
    ...(question === "data" ? {} : { nonce: hexOf(nonce, "nonce") }),
    ...(question === "nonce" ? {} : { reportData: hexOf(data, "data") }),
    ...(question === "data" ? {} : Object.fromEntries(said)),
  };
}

/** Bytes as people copy them: with spaces, colons or `0x`. */
function hexOf(text: string, field: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, "").replace(/^0x/i, "");
  if (/^(?:[0-9a-f]{2})+$/i.test(digits)) return fromHex(digits);
  const name = field === "nonce" ? "nonce" : "report data";
  const problem = digits === "" ? `Type the ${name}` : `The ${name} is not written in hex`;
  throw new InputError(problem, { code: "input.value", fields: { field } });
}

function policyOf(technology: AnyTechnology, { policies }: Heap, { pinned }: Terms): unknown {
  const [first, second] = policies;
  if (second !== undefined) throw tooMany("policies", policies);
  const values = Object.entries(pinned).filter(([, text]) => text.trim() !== "");
  const document = Object(first?.document ?? { version: 1 });
  if (values.length === 0) return first?.document;
  const section = values.reduce(
    (made, [key, text]) => withPin(made, key.split("."), valueOf(technology, key, text)),
    Object(document[technology.id] ?? {}),
  );
  return { ...document, [technology.id]: section };
}

function valueOf({ flags }: AnyTechnology, key: string, text: string): unknown {
  const flag = flags.find((one) => one.key === key);
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  const values = words.map((word) =>
    flag?.number === true && /^[0-9]+$/.test(word) ? Number(word) : word
  );
  return flag?.multiple === false ? values[0] : values;
}

function withPin(
  section: Readonly<Record<string, unknown>>,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (rest.length > 0) {
    return { ...section, [key]: withPin(Object(section[key] ?? {}), rest, value) };
  }
  if (!Object.hasOwn(section, key)) return { ...section, [key]: value };
  throw new InputError(`The policy file says ${key} already; empty the field, or change the file`, {
    code: "input.conflict",
    fields: { field: key },
  });
}

async function referenceOf({ references, signed, keys }: Heap): Promise<unknown> {
  const all = [...references, ...signed];
  const [first, second] = all;
  if (second !== undefined) throw tooMany("reference values", all);
  if (first === undefined || first.document !== undefined) return first?.document;
  const authorities = await Promise.all(keys.map(({ bytes }) => readPublicKey(bytes)));
  if (authorities.length > 0) {
    return await readSignedReference(first.bytes, [ownerAuthority(authorities)], first.name);
  }
  throw new InputError(
    `Somebody signed ${first.name}: add the owner’s public key, or take the file away`,
    { code: "reference.owner_unknown" },
  );
}

function tooMany(what: string, all: readonly { readonly name: string }[]): InputError {
  const names = all.map(({ name }) => name).join(", ");
  return new InputError(`There are several ${what}: ${names}. Take away all but one`, {
    code: "input.conflict",
  });
}
