/**
 * Requests of the library with anything in the place of their members, for
 * callers whose code is not typed.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Request } from "../../../mod.ts";
import { examine } from "../../../src/verifier/examine.ts";
import { readVectors, type Vector } from "../../vectors.ts";
import { questionOf } from "../../contracts/question.ts";
import { technologies } from "../../../src/evidence/registry.ts";
import type { AnyTechnology } from "../../../src/evidence/evidence.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertResult, assertTyped, bothEngines, isAccepted, timed } from "../properties.ts";
import { ODD_NAMES, oddValue, Trap } from "./odd_values.ts";

/** Places of a request; `*` stands for the first file, `+` for a member that nobody knows. */
const PLACES = [
  ...["", "variant", "evidence", "evidence.*", "evidence.crls", "evidence.tcbInfo", "evidence.+"],
  ...["expect", "expect.nonce", "expect.reportData", "expect.freshness", "policy", "policy.+"],
  ...["expect.clusterId", "expect.purpose", "expect.role", "expect.tlsSpki", "expect.+"],
  ...["statement", "reference", "reference.version", "reference.tdx", "policy.admitVariants"],
  ...["policy.version", "policy.tdx", "policy.sev-snp", "policy.sev-snp.measurements"],
  ...["policy.tdx.mrTd", "policy.acceptRoots", "policy.allowLab", "now", "profile", "labRoots"],
  ...["labRoots.0", "engine", "+"],
];

/** Places where these values mean what the default means, or what stood there. */
const HARMLESS: readonly (readonly [place: RegExp, names: RegExp])[] = [
  // Null is taken for absent there, and an absent flag is the default.
  [/^(profile|engine|policy\.allowLab|evidence\.\+|policy\.\+)$/, /^(undefined|null)$/],
  [/^profile$/, /^text$/],
  [/^policy\.allowLab$/, /^(true|false)$/],
  [/^policy\.acceptRoots$/, /^undefined$/],
  [/^(statement|reference|policy\.admitVariants)$/, /^undefined$/],
  // The section of the other technology is not asked.
  [/^policy\.(tdx|sev-snp)(\.|$)/, /./],
  [/^\+$/, /./],
  [/^evidence\.\+$/, /./],
  [/^now$/, /^date$/],
];

interface Given {
  readonly base: number;
  readonly place: string;
  readonly value: string;
  /** Whether the value stands behind a getter. */
  readonly getter: boolean;
  readonly profile: "full" | "crypto-only";
}

type Base = readonly [technology: AnyTechnology, vector: Vector];

let loaded: Promise<readonly Base[]> | undefined;

async function bases(): Promise<readonly Base[]> {
  const all = technologies.map(async (technology: AnyTechnology) => {
    const vectors = await readVectors(technology.id);
    return vectors.filter(({ code }) => code === null).map((vector): Base => [technology, vector]);
  });
  return (await Promise.all(all)).flat();
}

/** A copy with a member in its place; objects on the way are copied, lists stay lists. */
function placed(whole: unknown, path: readonly string[], member: PropertyDescriptor): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return member.get === undefined ? member.value : member.get();
  const copy: object = Array.isArray(whole) ? [...whole] : { ...Object(whole) };
  const name = key === "*" ? Object.keys(copy)[0] ?? "" : key === "+" ? "unheard" : key;
  const inner: unknown = Reflect.get(copy, name);
  const descriptor = rest.length === 0
    ? member
    : { value: placed(inner, rest, member), enumerable: true, configurable: true };
  Object.defineProperty(copy, name, { configurable: true, enumerable: true, ...descriptor });
  return copy;
}

function requestWith(base: Base, { place, value, getter, profile }: Given): Request {
  const [technology, vector] = base;
  const member: PropertyDescriptor = getter
    ? { get: () => oddValue(value), enumerable: true }
    : { value: oddValue(value), enumerable: true, writable: true };
  const path = place === "" ? [] : place.split(".");
  // A caller whose code is not typed may give anything: that is what is tried.
  return placed({ ...questionOf(technology, vector), profile }, path, member) as Request;
}

/** Whether a value may stand for lab roots, or for one: nothing, or bytes of any kind. */
const isList = (value: string): boolean =>
  /^(undefined|null|empty list|list behind a proxy|(.* )?bytes)$/.test(value);

function mayBeAccepted({ place, value, profile }: Given, [{ id }, vector]: Base): boolean {
  // With signatures alone nobody asks for freshness or values, nor holds a statement against what is well formed.
  const wellFormed = /^expect\.(role is text|reportData is shared bytes)$/.test(
    `${place} is ${value}`,
  );
  if (profile === "crypto-only" && wellFormed) return true;
  if (profile === "crypto-only" && place === "expect" && value === "undefined") return true;
  // What rests on no certificate needs no lab.
  if (place.startsWith("labRoots") && vector.verdict === "trusted" && isList(value)) return true;
  const isOther = place.startsWith("policy.") && /tdx|sev-snp/.test(place);
  if (isOther && place.startsWith(`policy.${id}`)) return profile === "crypto-only";
  if (profile === "crypto-only" && place.startsWith("policy")) return true;
  // Signatures hold without lists, and what is not checked is told.
  const noLists = place === "evidence.crls" && /^(undefined|empty list)$/.test(value);
  if (profile === "crypto-only" && noLists) return true;
  const absent = place.startsWith("evidence.") && vector.files[place.slice(9)] === undefined;
  return absent || HARMLESS.some(([where, names]) => where.test(place) && names.test(value));
}

/** Asks, and asserts that what is thrown is typed, or thrown by the request itself. */
async function asked(given: Given, base: Base): Promise<string> {
  try {
    const request = requestWith(base, given);
    const result = await examine(bothEngines, request);
    assertResult(result);
    if (!isAccepted(result)) return result.code ?? result.outcome ?? "none";
    assert.ok(mayBeAccepted(given, base), `accepted: ${given.place} is ${given.value}`);
    return "accepted";
  } catch (error) {
    if (error instanceof Trap) return "trap";
    // What `now` may be is the calling code's to know, and documented so.
    if (error instanceof RangeError && given.place === "now") return "RangeError";
    assertTyped(error);
    return error.code;
  }
}

/** Requests. */
export const request: Kind = kindOf<Given>({
  id: "request",
  says: "requests of the library with values of any kind",
  given: async () => {
    const known = await (loaded ??= bases());
    return fc.record({
      base: fc.nat(known.length - 1),
      place: fc.constantFrom(...PLACES),
      value: fc.constantFrom(...ODD_NAMES),
      getter: fc.boolean(),
      profile: fc.constantFrom("full" as const, "crypto-only" as const),
    });
  },
  async judge(given) {
    const known = await (loaded ??= bases());
    const base = known[given.base] ?? known[0];
    if (base === undefined) throw new RangeError("There are no vectors");
    return await timed(() => asked(given, base), {});
  },
});
