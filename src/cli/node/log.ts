/**
 * The log of an agent: a line for each thing that happened.
 *
 * @module
 */

import type { Host } from "../../core/ports.ts";
import type { NodeEvent, NodeLog } from "../../node/log.ts";
import { printable } from "../output/printable.ts";

/**
 * A log on standard output.
 *
 * @param host The machine.
 * @param form `json` for one object a line, `text` for people.
 */
export function nodeLog(
  { terminal, clock }: Pick<Host, "terminal" | "clock">,
  form: string,
): NodeLog {
  return (event) => {
    const time = clock.now().toISOString();
    const line = form === "text" ? textOf(time, event) : JSON.stringify(flat(time, event));
    terminal.out(`${printable(line)}\n`);
  };
}

function flat(time: string, { level, event, message, fields }: NodeEvent): object {
  return { time, level, event, message, ...fields };
}

function textOf(time: string, { level, message, fields }: NodeEvent): string {
  const code = fields["code"];
  const end = code === undefined ? "" : ` [${code}]`;
  return `${time} ${level === "info" ? "" : `${level}: `}${message}${end}`;
}
