/**
 * `casemate serve` as a process, set up as a lab of services is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { keyPem } from "../../src/core/signing_key.ts";
import { fromFileUrl } from "../../scripts/process.ts";
import { PERMISSIONS } from "../../scripts/permissions.ts";
import type { ServiceLab } from "../api/lab.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));

/** A line of its log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A process that serves; where a test fails before it has ended it, it is killed. */
export interface Serving extends AsyncDisposable {
  /** Where. */
  readonly url: string;
  /** Its number. */
  readonly pid: number;
  /** What it said so far, a line each. */
  readonly lines: readonly LogLine[];
  /** What it said on standard error so far. */
  readonly errors: () => string;
  /** Waits until it said that something happened, as `reloaded`, so often; once, where no number is given. */
  readonly said: (event: string, times?: number) => Promise<LogLine>;
  /** Sends it a signal. */
  readonly kill: (signal: Deno.Signal) => void;
  /** How it ended. */
  readonly status: Promise<Deno.CommandStatus>;
  /** Asks it to end, and waits. */
  readonly end: () => Promise<Deno.CommandStatus>;
}

/**
 * Writes the files of a service.
 *
 * @param lab What it is set up with.
 * @param folder Where to.
 * @returns Flags that name them.
 */
export async function writeLab(lab: ServiceLab, folder: string): Promise<readonly string[]> {
  const files: Readonly<Record<string, string | Uint8Array>> = {
    "policy.json": JSON.stringify(lab.policy),
    "reference.json": JSON.stringify(lab.reference),
    "roots.pem": lab.roots,
    "token.key": keyPem("PRIVATE KEY", lab.key),
  };
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
  const flags: Readonly<Record<string, string>> = {
    policy: `${folder}/policy.json`,
    reference: `${folder}/reference.json`,
    "lab-root": `${folder}/roots.pem`,
    "token-key": `${folder}/token.key`,
    "token-issuer": lab.issuer,
  };
  return Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
}

/**
 * Starts it, with the permissions of the compiled program.
 *
 * @param flags Further flags.
 */
export async function startServe(...flags: readonly string[]): Promise<Serving> {
  const listen = flags.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...PERMISSIONS, MAIN, "serve", ...listen, "-o", "json", ...flags],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const { lines, said, over } = reading(child.stdout);
  let errors = "";
  const erring = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) errors += text;
  })();
  const { listening } = await said("listening").catch((error) => {
    throw new Error(`${error.message}: ${errors}`);
  });
  const kill = (signal: Deno.Signal): void => child.kill(signal);
  const status = child.status.then(async (ended) => {
    await Promise.all([over, erring]);
    return ended;
  });
  const end = async (): Promise<Deno.CommandStatus> => {
    kill("SIGTERM");
    return await status;
  };
  assert.ok(typeof listening === "string");
  return {
    url: listening,
    pid: child.pid,
    lines,
    errors: () => errors,
    said,
    kill,
    status,
    end,
    [Symbol.asyncDispose]: () => killed(child),
  };
}

async function killed(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It has ended, as it does where all is well.
    if (!(error instanceof TypeError)) throw error;
  }
  await child.status;
}

/** Lines of JSON as they come. */
function reading(stream: ReadableStream<Uint8Array<ArrayBuffer>>): {
  readonly lines: LogLine[];
  readonly said: Serving["said"];
  readonly over: Promise<void>;
} {
  const lines: LogLine[] = [];
  let told = Promise.withResolvers<void>();
  let ended = false;
  const wake = (): void => {
    told.resolve();
    told = Promise.withResolvers();
  };
  const over = (async () => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const [last = "", ...whole] = (rest + text).split("\n").reverse();
      rest = last;
      for (const line of whole.reverse()) lines.push(JSON.parse(line));
      wake();
    }
    ended = true;
    wake();
  })();
  const said = async (event: string, times = 1): Promise<LogLine> => {
    for (;;) {
      const found = lines.filter((line) => line["event"] === event);
      const last = found.at(-1);
      if (last !== undefined && found.length >= times) return last;
      if (ended) throw new Error(`it ended without ${event}`);
      await told.promise;
    }
  };
  return { lines, said, over };
}
