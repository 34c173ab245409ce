/**
 * A clean folder in which the package is installed from its tarball, with the
 * programs of `docs/library.md` and the evidence that they verify.
 *
 * @module
 */

import { pack } from "../../scripts/pack.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";
import { toHex } from "../../src/core/bytes.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** A block of code whose first line is its file's name. */
const PROGRAM = /^```(?:js|ts|html)\n(?:\/\/|<!--) (\S+)(?: -->)?\n([\s\S]*?)^```$/gm;

let home: Promise<string> | undefined;

/** The folder, made once for all tests of a process; it ends with the process. */
export function packageHome(): Promise<string> {
  home ??= install();
  return home;
}

async function install(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-package-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const tarball = await pack(folder);
  const path = `${folder}/home`;
  await Deno.mkdir(path);
  await Deno.writeTextFile(`${path}/package.json`, '{"private": true, "type": "module"}');
  const quiet = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  await output("npm", ["install", ...quiet, tarball], { cwd: path });
  for (const [name, text] of await programs()) await Deno.writeTextFile(`${path}/${name}`, text);
  await mint(path);
  return path;
}

/** The programs of the page by the names of their files. */
async function programs(): Promise<ReadonlyMap<string, string>> {
  const page = await Deno.readTextFile(`${ROOT}docs/library.md`);
  const found = [...page.matchAll(PROGRAM)].map(([, name = "", text = ""]) =>
    [name, text] as const
  );
  return new Map(found);
}

/** Evidence by the command that the page names. */
async function mint(path: string): Promise<void> {
  const nonce = toHex(crypto.getRandomValues(new Uint8Array(32)));
  await Deno.writeTextFile(`${path}/nonce.hex`, `${nonce}\n`);
  const line = ["lab", "envelope", "qemu-vtpm", "--out", `${path}/node`, "--nonce", nonce];
  await output(Deno.execPath(), ["run", "-A", "--quiet", `${ROOT}main.ts`, ...line], { cwd: ROOT });
}
