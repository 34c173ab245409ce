/**
 * What a service says of itself and of what it answers: a line each.
 *
 * @module
 */

import type { Answered } from "../../api/parts.ts";
import type { Host } from "../../core/ports.ts";
import type { Format } from "../context.ts";
import { printable, printableData } from "../output/printable.ts";

/** Says things in the form that was asked for. */
export interface Log {
  /** An answer. */
  readonly answered: (answered: Answered) => void;
  /** Something that happened to the service itself; in JSON its `event` and what goes with it. */
  readonly happened: (
    event: string,
    text: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
  /** A warning, as `happened`, but on standard error where people read. */
  readonly warned: (
    event: string,
    text: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
}

/**
 * Makes a log on standard output.
 *
 * @param host The machine.
 * @param format Lines for people, or one JSON object a line.
 */
export function logTo({ terminal, clock }: Host, format: Format): Log {
  const now = (): string => clock.now().toISOString();
  const say = (told: object, text: string): void => {
    const line = format === "json" ? JSON.stringify({ time: now(), ...told }) : text;
    terminal.out(`${printable(line)}\n`);
  };
  return {
    answered: (answered) => say({ event: "answered", ...answered }, `${now()} ${textOf(answered)}`),
    happened: (event, text, fields = {}) => say({ event, ...fields }, text),
    warned(event, text, fields = {}) {
      if (format === "json") return say({ event, warning: text, ...fields }, text);
      terminal.err(`${printable(text)}\n`);
    },
  };
}

function textOf(answered: Answered): string {
  const { method, route, status, verdict, variant, code, took } = printableData(answered);
  const words = [status, method, route, variant, verdict, code, `${took} ms`];
  return words.filter((word) => word !== null).join(" ");
}
