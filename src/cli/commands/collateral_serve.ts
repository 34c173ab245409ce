/**
 * `casemate collateral serve`: a mirror of vendors for a fleet.
 *
 * @module
 */

import { createMirror, type Served } from "../../api/mirror.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import { itemOfKey } from "../../evidence/collateral_items.ts";
import { contextOf, openCollateral } from "../collateral/open.ts";
import { withFlag } from "../collateral/key_files.ts";
import { readListening } from "../collateral/written.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import type { Given } from "../input/given.ts";
import { printable, printableData } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Where it listens unless something else is said; Intel's PCCS has this port. */
const DEFAULT_LISTEN = "127.0.0.1:8081";

/** Most connections at once; all systems let a process open that many files. */
const MAX_CONNECTIONS = 800;

/**
 * Serves until the process is asked to end.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 */
export async function serveCollateral({ host }: Context, given: Given): Promise<void> {
  const { hostname, port } = readListening(given.text("listen") ?? DEFAULT_LISTEN);
  const { labRoots } = await contextOf(host, given, new FileReader(host.files));
  const offline = given.has("offline");
  const { collateral } = openCollateral(host, given, { offline });
  const json = readFormat(given.text(OUTPUT_FLAG)) === "json";
  const say = (told: object, text: string): void =>
    host.terminal.out(
      json ? `${lineOf({ time: host.clock.now().toISOString(), ...told })}\n` : `${text}\n`,
    );
  const handle = createMirror({
    collateral,
    itemOfKey,
    context: { engine: inlineEngine, labRoots },
    clock: host.clock,
    told: (served) => say(served, `${host.clock.now().toISOString()} ${textOf(served)}`),
  });
  const listening = (url: string): void =>
    say({ listening: url }, `Listening on ${url}${offline ? ", offline" : ""}; end it with Ctrl-C`);
  await withFlag(
    "--listen",
    () =>
      host.servers.serve({ hostname, port, handle, listening, maxConnections: MAX_CONNECTIONS }),
  );
  say({ ended: true }, "Ended; all requests were answered");
}

/** One line of a log in JSON. */
function lineOf(told: object): string {
  return printable(JSON.stringify(told));
}

function textOf(served: Served): string {
  const { target, status, from, why, code } = printableData(served);
  const found = from === null ? "" : ` from ${from}`;
  const reason = why === null ? "" : ` (${why})`;
  return `${status} ${target}${found}${code === null ? "" : ` ${code}`}${reason}`;
}
