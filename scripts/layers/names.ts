/**
 * Finds names that tie a module to one runtime, or that old runtimes lack.
 *
 * @module
 */
import {
  AMBIENT_FUNCTIONS,
  NEW_FUNCTIONS,
  NEW_GLOBALS,
  NEW_METHODS,
  RUNTIME_GLOBALS,
} from "./table.ts";
import type { Token } from "./tokens.ts";

/** A name where it should not be. */
export interface Name {
  /** The name, as `Deno` or `Uint8Array.fromHex`. */
  readonly name: string;
  /** Why not. */
  readonly why: string;
  /** Line, from 1. */
  readonly line: number;
}

const GLOBAL_OBJECTS = ["globalThis", "self", "window", "global"];

/**
 * Names of a runtime.
 *
 * @param tokens Tokens of the module.
 */
export function findRuntimeNames(tokens: readonly Token[]): Name[] {
  const why = "is of one runtime; take it through a port of src/core/ports.ts";
  return tokens.flatMap((token, at): Name[] => {
    const { value: name, line } = token;
    // `globalThis["Deno"]`
    if (token.kind === "text") {
      const indexed = tokens[at - 1]?.value === "[" && isGlobalObject(tokens[at - 2]);
      return indexed && RUNTIME_GLOBALS.includes(name) ? [{ name, why, line }] : [];
    }
    return isGlobal(tokens, at) && RUNTIME_GLOBALS.includes(name) ? [{ name, why, line }] : [];
  });
}

/**
 * Names that a neutral module does not use: newer than Node 20, or a clock,
 * chance or network of its own.
 *
 * @param tokens Tokens of the module.
 */
export function findForeignNames(tokens: readonly Token[]): Name[] {
  return tokens.flatMap((token, at) => {
    const found = judge(tokens, at);
    return found === undefined ? [] : [{ ...found, line: token.line }];
  });
}

function judge(tokens: readonly Token[], at: number): Omit<Name, "line"> | undefined {
  const token = tokens[at];
  if (token?.kind !== "word") return undefined;
  if (!isGlobal(tokens, at)) {
    const called = tokens[at - 1]?.value === "." && tokens[at + 1]?.value === "(";
    return called && NEW_METHODS.includes(token.value) ? lacking(token.value) : undefined;
  }
  if (NEW_GLOBALS.includes(token.value)) return lacking(token.value);
  const name = tokens[at + 1]?.value === "." ? `${token.value}.${tokens[at + 2]?.value}` : "";
  if (NEW_FUNCTIONS.includes(name)) return lacking(name);
  if (AMBIENT_FUNCTIONS.includes(name)) return ambient(name);
  const next = tokens.slice(at + 1, at + 3).map(({ value }) => value).join("");
  if (token.value === "fetch" && next.startsWith("(")) return ambient("fetch");
  const isNew = tokens[at - 1]?.value === "new";
  if (token.value === "Date" && isNew && next === "()") return ambient("new Date()");
  return undefined;
}

function lacking(name: string): Omit<Name, "line"> {
  return { name, why: "is missing in Node 20" };
}

function ambient(name: string): Omit<Name, "line"> {
  return { name, why: "brings in clock, chance or network; take it as an argument" };
}

/** A word that stands for itself: no member of something, no key, no declared method. */
function isGlobal(tokens: readonly Token[], at: number): boolean {
  const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token?.kind !== "word") return false;
  if (before?.value === ".") return isGlobalObject(tokens[at - 2]);
  const startsMember = before?.kind !== "text" &&
    ["{", ",", ";", "readonly"].includes(before?.value ?? "");
  return !(startsMember && (after?.value === ":" || isOptional(tokens, at)));
}

/** `name?: type` */
function isOptional(tokens: readonly Token[], at: number): boolean {
  return tokens[at + 1]?.value === "?" && tokens[at + 2]?.value === ":";
}

function isGlobalObject(token: Token | undefined): boolean {
  return token?.kind === "word" && GLOBAL_OBJECTS.includes(token.value);
}
