/**
 * The plain part of YAML in which policies and reference values are written:
 * maps, lists, words, whole numbers, texts in quotes, comments. What else YAML
 * has is refused and never read in another way than YAML reads it; the command
 * line reads all of it.
 *
 * @module
 */

/** What it holds. */
export type Yaml = string | number | boolean | null | readonly Yaml[] | {
  readonly [key: string]: Yaml;
};

/** A line that is more than a comment. */
interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

/** Deepest nesting: no document here has more than six levels. */
const MAX_DEPTH = 16;

/**
 * Reads a document.
 *
 * @param text The text.
 * @throws {SyntaxError} where it is no YAML, or not of the plain part.
 */
export function parseSimpleYaml(text: string): Yaml {
  const reader = new Reader(linesOf(text));
  return reader.document();
}

function linesOf(text: string): readonly Line[] {
  return text.replace(/^---[ ]*\r?\n/, "").split(/\r?\n/).flatMap((line, i) => {
    const [, spaces = "", rest = ""] = /^( *)([^]*)$/.exec(line) ?? [];
    if (rest === "" || rest.startsWith("#")) return [];
    if (/^[ \t]*\t/.test(line) || /[^\P{C}\t]|[\p{Zl}\p{Zp}]/u.test(line)) {
      fail(i + 1, "it has a tab or a control");
    }
    if (/^(?:---|\.\.\.|%)/.test(line)) fail(i + 1, "one document is read, and no directive");
    return [{ number: i + 1, indent: spaces.length, text: rest }];
  });
}

function fail(line: number, problem: string): never {
  throw new SyntaxError(`line ${line}: ${problem}`);
}

class Reader {
  readonly #lines: Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = [...lines];
  }

  document(): Yaml {
    const [first] = this.#lines;
    if (first === undefined) throw new SyntaxError("the document is empty");
    if (!isItem(first.text) && !KEY.test(first.text)) fail(first.number, "expected `key: value`");
    const value = this.#block(first.indent, 0);
    const next = this.#lines[this.#at];
    if (next !== undefined) fail(next.number, "it is indented in a way that is not read here");
    return value;
  }

  #block(indent: number, depth: number): Yaml {
    const line = this.#lines[this.#at];
    if (line === undefined) return null;
    if (depth > MAX_DEPTH) fail(line.number, "it is nested too deeply");
    if (isItem(line.text)) return this.#list(indent, depth);
    if (KEY.test(line.text)) return this.#map(indent, depth);
    this.#at++;
    return new Flow(line.text, line.number).whole();
  }

  #list(indent: number, depth: number): Yaml {
    const items: Yaml[] = [];
    for (
      let line = this.#here(indent);
      line !== null && isItem(line.text);
      line = this.#here(indent)
    ) {
      const rest = line.text.slice(1).replace(/^ +/, "");
      if (rest === "" || rest.startsWith("#")) {
        this.#at++;
        items.push(this.#below(indent, depth, false));
        continue;
      }
      // What stands behind the dash is a block of its own, as deep as it stands.
      const inner = indent + line.text.length - rest.length;
      this.#lines[this.#at] = { ...line, indent: inner, text: rest };
      items.push(this.#block(inner, depth + 1));
    }
    return items;
  }

  #map(indent: number, depth: number): Yaml {
    const members = new Map<string, Yaml>();
    for (
      let line = this.#here(indent);
      line !== null && !isItem(line.text);
      line = this.#here(indent)
    ) {
      const [, quoted, bare, rest = ""] = KEY.exec(line.text) ??
        fail(line.number, "expected a key");
      const key = bare ?? new Flow(quoted ?? "", line.number).text();
      if (members.has(key)) fail(line.number, `${JSON.stringify(key)} stands twice`);
      this.#at++;
      const value = rest.trimStart();
      members.set(
        key,
        value === "" || value.startsWith("#")
          ? this.#below(indent, depth, true)
          : new Flow(value, line.number).whole(),
      );
    }
    return Object.fromEntries(members);
  }

  /** The value of a key or a dash that stands on the lines below. */
  #below(indent: number, depth: number, isMap: boolean): Yaml {
    const next = this.#lines[this.#at];
    if (next === undefined) return null;
    const sameList = isMap && next.indent === indent && isItem(next.text);
    return next.indent > indent || sameList ? this.#block(next.indent, depth + 1) : null;
  }

  /** The next line where it belongs to the block of an indent. */
  #here(indent: number): Line | null {
    const line = this.#lines[this.#at];
    if (line === undefined || line.indent < indent) return null;
    if (line.indent > indent) fail(line.number, "it is indented in a way that is not read here");
    return line;
  }
}

/** `key:` in quotes or bare, then the rest of the line behind a space. */
const KEY = /^(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|([A-Za-z0-9_][\w.-]*)):(?:[ ]+(.*))?$/;

function isItem(text: string): boolean {
  return text === "-" || text.startsWith("- ");
}

/** A value on one line: a word, a text in quotes, `[a, b]`, `{a: b}`. */
class Flow {
  readonly #text: string;
  readonly #line: number;
  #at = 0;

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
  }

  /** The value, and nothing behind it but a comment. */
  whole(): Yaml {
    const value = this.#value(0, /^[^#]*?(?=\s*$|\s+#)/);
    if (!/^\s*(?:\s#.*)?$/.test(this.#text.slice(this.#at))) {
      fail(this.#line, "more follows than is read here; put text in quotes");
    }
    return value;
  }

  /** A text in quotes. */
  text(): string {
    const double = this.#take(/^"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/);
    if (double !== null) return String(JSON.parse(double));
    const single = this.#take(/^'(?:[^']|'')*'/);
    if (single === null) {
      fail(this.#line, "a text in quotes has no end or an escape that is not read here");
    }
    return single.slice(1, -1).replaceAll("''", "'");
  }

  #value(depth: number, bare: RegExp): Yaml {
    if (depth > MAX_DEPTH) fail(this.#line, "it is nested too deeply");
    const next = this.#text[this.#at];
    if (next === "[") return this.#list(depth);
    if (next === "{") return this.#map(depth);
    if (next === '"' || next === "'") return this.text();
    return wordOf(this.#take(bare) ?? "", this.#line);
  }

  #list(depth: number): Yaml {
    return this.#members("]", () => this.#value(depth + 1, INSIDE));
  }

  #map(depth: number): Yaml {
    const pairs = this.#members("}", () => {
      const quoted = /^["']/.test(this.#text.slice(this.#at));
      const key = quoted ? this.text() : this.#take(/^[A-Za-z0-9_][\w.-]*(?=:)/);
      if (key === null || this.#take(/^:\s+/) === null) fail(this.#line, "expected `key: value`");
      return [key, this.#value(depth + 1, INSIDE)] as const;
    });
    if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
      fail(this.#line, "a key stands twice");
    }
    return Object.fromEntries(pairs);
  }

  #members<T>(end: "]" | "}", read: () => T): readonly T[] {
    const items: T[] = [];
    this.#take(/^[[{]\s*/);
    while (this.#text[this.#at] !== end) {
      items.push(read());
      this.#take(/^\s+/);
      const comma = this.#take(/^,\s*/);
      if (comma === null && this.#text[this.#at] !== end) {
        fail(this.#line, `a list or a map has no ${end} on its line`);
      }
    }
    this.#at++;
    return items;
  }

  #take(pattern: RegExp): string | null {
    const [found] = pattern.exec(this.#text.slice(this.#at)) ?? [null];
    if (found !== null) this.#at += found.length;
    return found;
  }
}

/** A bare word in a list or a map. */
const INSIDE = /^[^,[\]{}#]*?(?=\s*[,\]}])/;

/** Words that are text in YAML without doubt: no sign that means something, no colon before a space. */
const WORD = /^[A-Za-z0-9_/](?:[\w ./+()=@^~$;<?*&!-]|:(?=[^\s,[\]{}]))*$/;

/** What YAML takes for a number, in any of its forms. */
const NUMBER = /^[-+]?(?:0o[0-7]+|0x[0-9a-fA-F]+|\.?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?)$/;

function wordOf(word: string, line: number): Yaml {
  if (word === "true" || word === "false") return word === "true";
  if (word === "null") return null;
  if (/^(?:0|-?[1-9][0-9]{0,14})$/.test(word)) return Number(word);
  if (NUMBER.test(word) || /^(?:null|true|false|~)$/i.test(word) || !WORD.test(word)) {
    fail(line, `put ${JSON.stringify(word.slice(0, 40))} in quotes`);
  }
  return word;
}
