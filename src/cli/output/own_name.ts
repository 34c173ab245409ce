/**
 * What the program's name stands for where there is no program of that name.
 *
 * Sentences everywhere (help, remedies, into which command a file goes) say
 * `casemate`, as the binary is called. Whoever runs the sources has none, and
 * is told at the end what to type instead.
 *
 * @module
 */

import type { Host } from "../../core/ports.ts";
import { usableWidth, wrap } from "./layout.ts";
import { PROGRAM } from "./typed.ts";

/** What may follow the name in a command line; in a sentence, as `a newer casemate knows`, it is none. */
export const FIRST_WORDS: readonly string[] = [
  "--help",
  "evidence",
  "collateral",
  "audit",
  "result",
  "serve",
  "policy",
  "reference",
  "owner",
  "config",
  "manifest",
  "cluster",
  "node",
  "tpm",
  "lab",
  "conformance",
  "codes",
  "completions",
  "version",
];

/** A command line of the binary, also over a line's end. */
const COMMAND_LINE = new RegExp(`(?<![\\w./-])casemate\\s+(?:${FIRST_WORDS.join("|")})\\b`);

const SENTENCE = `From the sources, casemate is typed ${PROGRAM.sources.join(" ")}; ` +
  "./scripts/deno task compile makes the program itself.";

/** A machine that notices what it is told to say. */
export interface Attentive {
  /** The machine, in place of the one that was given. */
  readonly host: Host;
  /** Says on standard error what to type, if a command line was named that cannot be typed here. */
  explain(): void;
}

/**
 * A machine that notices command lines of the binary in what it is told to say.
 *
 * @param host The machine.
 */
export function attentive(host: Host): Attentive {
  const { terminal, build } = host;
  if (build.isCompiled) return { host, explain: () => {} };
  let named = false;
  const noticing = (say: (text: string) => void) => (text: string): void => {
    named ||= COMMAND_LINE.test(text);
    say(text);
  };
  const heard = { ...terminal, out: noticing(terminal.out), err: noticing(terminal.err) };
  return {
    host: { ...host, terminal: heard },
    explain: () => {
      if (!named) return;
      terminal.err(`\n${wrap(SENTENCE, usableWidth(terminal.width)).join("\n")}\n`);
    },
  };
}
