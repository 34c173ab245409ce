/**
 * Finds what a module imports, from its tokens.
 *
 * @module
 */
import type { Token } from "./tokens.ts";

/** One import or re-export. */
export interface Import {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** `import type` or `export type`, which leave nothing at run time. */
  readonly typeOnly: boolean;
  /** Line, from 1. */
  readonly line: number;
}

/**
 * All imports: static, dynamic with a literal, and re-exports.
 *
 * @param tokens Tokens of the module.
 */
export function findImports(tokens: readonly Token[]): Import[] {
  const found: Import[] = [];
  tokens.forEach((token, i) => {
    if (token.kind !== "word" || isMember(tokens, i)) return;
    if (token.value === "import") push(found, readImport(tokens, i));
    if (token.value === "export") push(found, readReexport(tokens, i));
  });
  return found;
}

/**
 * The first statement of a module that is not `export ... from "..."`.
 *
 * @param tokens Tokens of the module.
 * @returns Its line; undefined if there is none.
 */
export function findOtherThanReexport(tokens: readonly Token[]): number | undefined {
  let at = 0;
  while (at < tokens.length) {
    const end = endOfReexport(tokens, at);
    if (end === undefined) return tokens[at]?.line;
    at = tokens[end]?.value === ";" ? end + 1 : end;
  }
  return undefined;
}

function readImport(tokens: readonly Token[], at: number): Import | undefined {
  const next = tokens[at + 1];
  // `import.meta`
  if (next === undefined || next.value === ".") return undefined;
  // `import "x"`, `import("x")`
  if (next.kind === "text") return edge(next, false);
  if (next.kind === "sign" && next.value === "(") {
    const argument = tokens[at + 2];
    return argument?.kind === "text" ? edge(argument, false) : undefined;
  }
  const typeOnly = next.value === "type" && tokens[at + 2]?.value !== "from" &&
    tokens[at + 2]?.value !== ",";
  const from = findFrom(tokens, at + 1);
  return from === undefined ? undefined : edge(from, typeOnly);
}

function readReexport(tokens: readonly Token[], at: number): Import | undefined {
  const end = endOfReexport(tokens, at);
  const from = end === undefined ? undefined : tokens[end - 1];
  return from === undefined ? undefined : edge(from, tokens[at + 1]?.value === "type");
}

/** Index after `export {...} from "x"` or `export * [as y] from "x"`, each with `type` or without. */
function endOfReexport(tokens: readonly Token[], at: number): number | undefined {
  if (tokens[at]?.value !== "export") return undefined;
  const open = tokens[at + 1]?.value === "type" ? at + 2 : at + 1;
  const sign = tokens[open];
  if (sign?.kind !== "sign" || !"{*".includes(sign.value)) return undefined;
  let close = open;
  if (sign.value === "{") {
    while (close < tokens.length && tokens[close]?.value !== "}") close++;
  } else if (tokens[open + 1]?.value === "as") {
    close += 2;
  }
  const isFrom = tokens[close + 1]?.value === "from" && tokens[close + 2]?.kind === "text";
  return isFrom ? close + 3 : undefined;
}

/** The string after the `from` of an import clause. */
function findFrom(tokens: readonly Token[], at: number): Token | undefined {
  for (let i = at; i < tokens.length && tokens[i]?.value !== ";"; i++) {
    if (tokens[i]?.value === "from" && tokens[i + 1]?.kind === "text") return tokens[i + 1];
  }
  return undefined;
}

/** `a.import`, `{ import: 1 }`: a name, no keyword. */
function isMember(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.value === "." || tokens[at + 1]?.value === ":";
}

function edge(text: Token, typeOnly: boolean): Import {
  return { specifier: text.value, typeOnly, line: text.line };
}

function push(found: Import[], item: Import | undefined): void {
  if (item !== undefined) found.push(item);
}
