/**
 * The machine on which examples run: a folder of its own, noon of a day, no
 * network.
 *
 * @module
 */

import { memoryCache } from "../../src/collateral/mod.ts";
import { run } from "../../src/cli/mod.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import type { Files, Host, Http } from "../../src/core/ports.ts";
import { denoHost } from "../../src/hosts/deno.ts";
import { NOW } from "../lab_authority.ts";
import type { Did, World } from "./shell.ts";

/** Columns of the terminal that the pages were written for. */
const WIDTH = 80;

const NO_NETWORK: Http = {
  get({ url }) {
    const { host } = new URL(url);
    return Promise.reject(
      new UnavailableError(`${host} cannot be reached: there is no network`, {
        code: "collateral.unreachable",
        fields: { host },
        retryable: true,
      }),
    );
  },
};

/**
 * What commands of a session reach.
 *
 * @param folder The folder, absolute.
 */
export function machineIn(folder: string): World {
  return {
    now: () => NOW,
    casemate: (args) => runIn(folder, args),
    read: (path) => Deno.readTextFile(`${folder}/${path}`),
    write: (path, text) => Deno.writeTextFile(`${folder}/${path}`, text),
  };
}

async function runIn(folder: string, args: readonly string[]): Promise<Did> {
  let out = "";
  let shown = "";
  const here = (text: string): string => text.replaceAll(`${folder}/`, "");
  const real = denoHost("1.2.3");
  const cache = memoryCache({ now: () => NOW });
  const host: Host = {
    ...real,
    build: { ...real.build, isCompiled: true },
    clock: { now: () => NOW },
    files: filesIn(folder, real.files),
    terminal: {
      out: (text) => {
        out += here(text);
        shown += here(text);
      },
      err: (text) => void (shown += here(text)),
      colour: false,
      width: WIDTH,
    },
    http: NO_NETWORK,
    caches: { open: () => cache },
  };
  const code = await run(args, host, { debug: true });
  return { code, out, shown };
}

function filesIn(folder: string, files: Files): Files {
  return {
    ...files,
    read: (path, limit) => files.read(`${folder}/${path}`, limit),
    write: (path, bytes, secret) => files.write(`${folder}/${path}`, bytes, secret),
  };
}
