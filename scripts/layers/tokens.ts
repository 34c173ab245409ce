/**
 * Splits TypeScript into tokens: enough to tell code from comments, strings
 * and regular expressions. No types, no syntax tree.
 *
 * @module
 */

/** One token of code; comments and blanks give none. */
export interface Token {
  /** A word, the content of a string, or one sign. Numbers are words. */
  readonly kind: "word" | "text" | "sign";
  /** Its text; of a string, what stands between the quotes, as written. */
  readonly value: string;
  /** Line, from 1. */
  readonly line: number;
}

const BLANK = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const WORD = /[\p{L}\p{N}_$#]+/uy;
const STRING = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const REGEXP = /\/(?:[^\/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const TEMPLATE_PART = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;

/** Words after which a slash begins a regular expression. */
const BEFORE_REGEXP = new Set(
  "await case delete do else in instanceof new of return throw typeof void yield".split(" "),
);

/**
 * @param source TypeScript.
 * @throws {SyntaxError} where a string does not end.
 */
export function tokenize(source: string): Token[] {
  return new Tokenizer(source).all();
}

class Tokenizer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  /** For each open `${`, how many braces are open inside. */
  readonly #templates: number[] = [];
  #at = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  all(): Token[] {
    // A line that names the interpreter may stand on top.
    if (this.#source.startsWith("#!")) this.#skip(/#![^\n]*/y);
    while (this.#at < this.#source.length) this.#next();
    return this.#tokens;
  }

  #next(): void {
    if (this.#skip(BLANK)) return;
    const sign = this.#source.charAt(this.#at);
    if (sign === '"' || sign === "'") return this.#string();
    if (sign === "`") return this.#template();
    if (sign === "/" && this.#regexpMayBegin() && this.#skip(REGEXP)) {
      return this.#push("text", "");
    }
    const word = this.#match(WORD);
    if (word !== undefined) {
      this.#push("word", word);
    } else {
      this.#sign(sign);
    }
  }

  #string(): void {
    const line = this.#line;
    const text = this.#match(STRING);
    if (text === undefined) throw new SyntaxError(`line ${line}: a string does not end`);
    this.#tokens.push({ kind: "text", value: text.slice(1, -1), line });
  }

  /** From a backtick, or from the brace that ends `${...}`, to the next `${` or to the end. */
  #template(): void {
    this.#at++;
    const line = this.#line;
    this.#tokens.push({ kind: "text", value: this.#match(TEMPLATE_PART) ?? "", line });
    if (this.#at >= this.#source.length) {
      throw new SyntaxError(`line ${this.#line}: a template does not end`);
    }
    if (this.#source.charAt(this.#at) === "`") {
      this.#at++;
    } else {
      this.#at += 2;
      this.#templates.push(0);
    }
  }

  #sign(sign: string): void {
    const depth = this.#templates.at(-1);
    if (depth !== undefined && sign === "}" && depth === 0) {
      this.#templates.pop();
      return this.#template();
    }
    if (depth !== undefined && (sign === "{" || sign === "}")) {
      this.#templates[this.#templates.length - 1] = depth + (sign === "{" ? 1 : -1);
    }
    this.#push("sign", sign);
    this.#at++;
  }

  #regexpMayBegin(): boolean {
    const last = this.#tokens.at(-1);
    if (last === undefined) return true;
    if (last.kind === "word") return BEFORE_REGEXP.has(last.value);
    return last.kind === "sign" && !")]}".includes(last.value);
  }

  #push(kind: Token["kind"], value: string): void {
    this.#tokens.push({ kind, value, line: this.#line });
  }

  #skip(pattern: RegExp): boolean {
    return this.#match(pattern) !== undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    this.#line += found.split("\n").length - 1;
    return found;
  }
}
