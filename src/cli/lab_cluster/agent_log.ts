/**
 * What agents write: a JSON object a line.
 *
 * @module
 */

import type { LabFolders } from "../../core/lab_ports.ts";

/** A line. */
export interface AgentLine {
  /** When, ISO 8601; empty where it does not say. */
  readonly time: string;
  /** How grave; empty where it does not say. */
  readonly level: string;
  /** What happened; empty where it does not say. */
  readonly event: string;
  /** The same in words. */
  readonly message: string;
  /** Code of an error; empty where there is none. */
  readonly code: string;
}

/**
 * Reads a line, of an agent or of another program: what is no JSON is words.
 *
 * @param line The line, without its end.
 */
export function readLine(line: string): AgentLine {
  const members = membersOf(line);
  const text = (name: string): string => {
    const value = members?.[name];
    return typeof value === "string" ? value : "";
  };
  const words = text("message") || text("msg") || (members === null ? line : text("event"));
  return {
    time: text("time") || text("ts"),
    level: text("level"),
    event: text("event"),
    // etcd says what it did there, and what came in between beside it.
    message: text("error") === "" ? words : `${words}: ${text("error")}`,
    code: text("code"),
  };
}

function membersOf(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Whole lines of a log.
 *
 * @param folders The computer's folders.
 * @param path Where it is.
 */
export async function readLog(folders: LabFolders, path: string): Promise<readonly string[]> {
  const bytes = await folders.read(path);
  return bytes === null
    ? []
    : new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "");
}

/** What a control plane says that is not there yet, or is not yet one: nobody judged the machine. */
const NOT_YET: readonly string[] = [
  "channel.busy",
  "channel.timeout",
  "channel.unreachable",
  "node.no_peers",
  "node.not_serving",
  "statement.role_mismatch",
];

/**
 * The last time since the agent last started that a control plane judged it and refused; null where none did.
 *
 * @param folders The computer's folders.
 * @param path Where the log is.
 */
export async function lastRefusal(
  folders: LabFolders,
  path: string,
): Promise<AgentLine | null> {
  const lines = (await readLog(folders, path)).map(readLine);
  const started = lines.findLastIndex(({ event }) => event === "listening");
  return lines.slice(started + 1).findLast(({ event, code }) =>
    event === "refused" && !NOT_YET.includes(code)
  ) ?? null;
}
