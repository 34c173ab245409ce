/**
 * Runs a program, shows what it prints and keeps it.
 *
 * @module
 */

/** How a program ended and what it printed. */
export interface Logged {
  /** Exit code. */
  readonly code: number;
  /** Standard output and standard error, in the order in which they came. */
  readonly log: string;
}

/**
 * @param program Name or path.
 * @param args Its arguments.
 * @param env Environment beside the own one.
 */
export async function runLogged(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Logged> {
  const child = new Deno.Command(program, {
    args: [...args],
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const parts: string[] = [];
  await Promise.all([
    copy(child.stdout, Deno.stdout, parts),
    copy(child.stderr, Deno.stderr, parts),
  ]);
  return { code: (await child.status).code, log: parts.join("") };
}

async function copy(
  from: ReadableStream<Uint8Array>,
  to: { writeSync(bytes: Uint8Array): number },
  parts: string[],
): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of from) {
    for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
    parts.push(decoder.decode(bytes, { stream: true }));
  }
}
