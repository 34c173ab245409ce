/**
 * Other programs, run to their end.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** Where and how a program runs. */
export interface RunOptions {
  /** Working folder; default is the current one. */
  readonly cwd?: string;
  /** Environment, beside the own one unless `clearEnv`. */
  readonly env?: Record<string, string>;
  /** Whether the own environment is withheld. */
  readonly clearEnv?: boolean;
  /** Ends the program when it fires. */
  readonly signal?: AbortSignal;
}

/** What a program said and how it ended. */
export interface Outcome {
  /** Exit code. */
  readonly code: number;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/**
 * Path of a `file:` URL.
 *
 * @param url The URL.
 */
export function fromFileUrl(url: URL): string {
  return fileURLToPath(url);
}

/**
 * Runs a program with the terminal of this one.
 *
 * @throws {Error} if it does not end with 0.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<void> {
  const child = new Deno.Command(program, { args: [...args], stdin: "null", ...options }).spawn();
  const { code } = await child.status;
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} ended with ${code}`);
}

/**
 * Runs a program and returns what it wrote to standard output.
 *
 * @throws {Error} with its standard error, if it does not end with 0.
 */
export async function output(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await outcome(program, args, options);
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
}

/** Runs a program and returns what it wrote and how it ended. */
export async function outcome(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const command = new Deno.Command(program, { args: [...args], stdin: "null", ...options });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
