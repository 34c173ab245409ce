/**
 * As much of a shell as the examples need: variables, `$(…)`, output into a
 * file, `cat`, `openssl rand -hex`, and `|| echo` of an exit code.
 *
 * The same lines run in a real shell in the task `examples`; what this one does
 * not know, it refuses.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";

/** What a command did. */
export interface Did {
  /** Exit code. */
  readonly code: number;
  /** What it printed to standard output. */
  readonly out: string;
  /** What a terminal would show: both outputs in their order. */
  readonly shown: string;
}

/** What commands reach. */
export interface World {
  /** Its time. */
  now(): Date;
  /** Runs the program. */
  casemate(args: readonly string[]): Promise<Did>;
  /** Reads a file. */
  read(path: string): Promise<string>;
  /** Writes a file. */
  write(path: string, text: string): Promise<void>;
}

/** A session. */
export class Shell {
  readonly #world: World;
  readonly #variables = new Map<string, string>();

  /**
   * Starts a session.
   *
   * @param world What commands reach.
   */
  constructor(world: World) {
    this.#world = world;
  }

  /** The time of whoever runs it. */
  now(): Date {
    return this.#world.now();
  }

  /**
   * Runs lines one after the other.
   *
   * @param script The lines.
   * @returns What a terminal would show.
   * @throws {Error} where a command fails and the line does not go on with `||`.
   */
  async run(script: string): Promise<string> {
    let shown = "";
    for (const line of script.replaceAll(/\\\n\s*/g, " ").split("\n")) {
      if (line.trim() !== "" && !line.startsWith("#")) shown += await this.#line(line.trim());
    }
    return shown;
  }

  async #line(line: string): Promise<string> {
    const assigned = /^([a-z_]+)=(.*)$/.exec(line);
    if (assigned !== null) {
      const [word = ""] = await this.#words(assigned[2] ?? "");
      this.#variables.set(assigned[1] ?? "", word);
      return "";
    }
    const [, command = "", path, fallback] =
      /^(.*?)(?: > (\S+))?(?: \|\| echo "([^"]*)")?$/.exec(line) ?? [];
    const did = await this.#command(command);
    if (did.code !== 0 && fallback === undefined) {
      throw new Error(`${line}\nended with ${did.code}:\n${did.shown}`);
    }
    if (path !== undefined) await this.#world.write(path, did.out);
    const said = did.code === 0 ? "" : `${fallback?.replaceAll("$?", `${did.code}`)}\n`;
    return `${path === undefined ? did.shown : ""}${said}`;
  }

  async #command(line: string): Promise<Did> {
    const [program, ...args] = await this.#words(line);
    if (program === "casemate") return await this.#world.casemate(args);
    if (program === "cat" && args.length === 1) {
      return printed(await this.#world.read(args[0] ?? ""));
    }
    if (`${program} ${args.join(" ")}` === "openssl rand -hex 32") {
      return printed(`${toHex(crypto.getRandomValues(new Uint8Array(32)))}\n`);
    }
    throw new Error(`The examples' shell does not know: ${line}`);
  }

  /** Words as the program gets them. */
  async #words(line: string): Promise<readonly string[]> {
    const words: string[] = [];
    for (const [word] of line.matchAll(/(?:\$\([^)]*\)|"[^"]*"|[^\s"])+/g)) {
      const inner = /^"?\$\((.*)\)"?$/.exec(word)?.[1];
      words.push(
        inner === undefined ? this.#expand(word) : (await this.#command(inner)).out.trim(),
      );
    }
    return words;
  }

  #expand(word: string): string {
    if (/[|<>;&`'*]/.test(word)) throw new Error(`The examples' shell does not know: ${word}`);
    return word.replaceAll('"', "").replaceAll(/\$([a-z_]+)/g, (_, name: string) => {
      const value = this.#variables.get(name);
      if (value === undefined) throw new Error(`The variable ${name} was never set`);
      return value;
    });
  }
}

function printed(out: string): Did {
  return { code: 0, out, shown: out };
}
