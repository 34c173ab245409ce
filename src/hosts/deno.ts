/**
 * The machine as Deno gives it.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import type { Build, Files, Host, Page, Terminal } from "../core/ports.ts";
import { denoCaches } from "./deno_cache.ts";
import { denoHttp } from "./deno_http.ts";
import { readBuiltPage } from "./deno_page.ts";
import { denoServers } from "./deno_server.ts";
import { denoTpms } from "./deno_tpm.ts";
import { denoDeviceKeys } from "./pkcs11/device_keys.ts";

/** Columns where output goes to a file, a pipe or a terminal that does not say. */
const DEFAULT_WIDTH = 80;

/**
 * The host of the command line.
 *
 * @param version Version of Casemate.
 * @param page The web page, compiled in; absent looks for the one that was built from the same sources.
 */
export function denoHost(version: string, page?: Page): Host {
  return {
    clock: { now: () => new Date() },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    files: denoFiles,
    terminal: denoTerminal(),
    timer: { wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)) },
    tpms: denoTpms(),
    deviceKeys: denoDeviceKeys,
    http: denoHttp,
    caches: denoCaches,
    servers: denoServers,
    build: denoBuild(version),
    node: async () => (await import("./node_host.ts")).nodeHost,
    lab: async () => (await import("./lab/mod.ts")).denoLab,
    page: () => page === undefined ? readBuiltPage() : Promise.resolve(page),
  };
}

function denoBuild(version: string): Build {
  // What stands in for the runtime in binaries of development says so by this.
  const isStandIn = Deno.env.get("CASEMATE_BUILD") === "dev";
  const release = Deno.build.standalone && !isStandIn;
  const isCompiled = Deno.build.standalone || isStandIn;
  const kind = release ? "release" : "dev build";
  return { version, kind, isCompiled, runtime: `deno ${Deno.version.deno}` };
}

function denoTerminal(): Terminal {
  const isTerminal = Deno.stdout.isTerminal();
  const plain = (Deno.env.get("NO_COLOR") ?? "") !== "" || Deno.env.get("TERM") === "dumb";
  return {
    out: (text) => writeWhole(Deno.stdout, text),
    err: (text) => writeWhole(Deno.stderr, text),
    colour: isTerminal && !plain,
    width: isTerminal ? Deno.consoleSize().columns || DEFAULT_WIDTH : DEFAULT_WIDTH,
  };
}

function writeWhole(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
  } catch (error) {
    // The reader has enough, as `head` does; the exit code still says what came of it.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

const denoFiles: Files = {
  async read(path, limit) {
    try {
      if (path === "-") return await readUpTo(Deno.stdin.readable, path, limit);
      using file = await Deno.open(path);
      if ((await file.stat()).isDirectory) throw unreadable(path, "it is a folder");
      return await readUpTo(file.readable, path, limit);
    } catch (cause) {
      throw cause instanceof InputError ? cause : unreadable(path, reasonOf(cause), cause);
    }
  },
  async write(path, bytes, secret) {
    try {
      await makeFolderOf(path);
      // `createNew` also refuses a symbolic link that somebody put there.
      await Deno.writeFile(path, bytes, { createNew: true, ...(secret ? { mode: 0o600 } : {}) });
    } catch (cause) {
      const fields = { file: path, reason: reasonOf(cause) };
      throw new InputError(`Cannot write ${path}: ${fields.reason}`, {
        code: "input.unwritable",
        fields,
        cause,
      });
    }
  },
  temporaryFolder: () => Deno.makeTempDir({ prefix: "casemate-" }),
  removeFolder: (path) => Deno.remove(path, { recursive: true }),
};

async function makeFolderOf(path: string): Promise<void> {
  const end = path.lastIndexOf("/");
  if (end > 0) await Deno.mkdir(path.slice(0, end), { recursive: true });
}

async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  path: string,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > limit) throw tooLarge(path, limit);
    parts.push(part);
  }
  return concat(...parts);
}

function tooLarge(path: string, limit: number): InputError {
  const fields = { file: path, expected: `at most ${limit} bytes` };
  return new InputError(`Cannot read ${nameOf(path)}: it has more than ${limit} bytes`, {
    code: "input.too_large",
    fields,
  });
}

function unreadable(path: string, reason: string, cause?: unknown): InputError {
  const fields = { file: path, reason };
  return new InputError(`Cannot read ${nameOf(path)}: ${reason}`, {
    code: "input.unreadable",
    fields,
    cause,
  });
}

function nameOf(path: string): string {
  return path === "-" ? "standard input" : path;
}

/** Errors of the system in words; the runtime's own text says the path and a number besides. */
function reasonOf(cause: unknown): string {
  const known: readonly (readonly [new () => Error, string])[] = [
    [Deno.errors.NotFound, "it does not exist"],
    [Deno.errors.PermissionDenied, "permission denied"],
    [Deno.errors.NotCapable, "this program was started without permission for it"],
    [Deno.errors.AlreadyExists, "it exists already, and nothing is overwritten"],
    [Deno.errors.NotADirectory, "a part of the path is not a folder"],
    [Deno.errors.IsADirectory, "it is a folder"],
  ];
  const found = known.find(([kind]) => cause instanceof kind);
  return found?.[1] ?? (cause instanceof Error ? cause.message : String(cause));
}
