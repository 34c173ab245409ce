/**
 * A clean folder in which the package is installed from its tarball, with the
 * programs of `docs/library.md` and the evidence that they verify.
 *
 * @module
 */

import { fromFileUrl, output } from "../../scripts/process.ts";
import { toHex } from "../../src/core/bytes.ts";
import { cleanHome } from "./clean_home.ts";

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
  const path = await cleanHome("casemate-package-");
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

/** Where the page has the checkout. */
const CHECKOUT = '"../casemate"';

/**
 * A folder that takes the checkout itself, with the `deno.json` of the page and the program for Deno.
 *
 * @throws {Error} where the page has no such file.
 */
export async function linkedHome(): Promise<string> {
  const home = await packageHome();
  const page = await Deno.readTextFile(`${ROOT}docs/library.md`);
  const config = /^```json\n([^]*?)^```$/m.exec(page)?.[1] ?? "";
  if (!config.includes(CHECKOUT)) throw new Error("docs/library.md links no checkout");
  const folder = `${home}/../linked`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    config.replace(CHECKOUT, () => JSON.stringify(ROOT)),
  );
  await output("cp", ["-r", "verify.ts", "nonce.hex", "node", folder], { cwd: home });
  return folder;
}

/** Evidence by the command that the page names. */
async function mint(path: string): Promise<void> {
  const nonce = toHex(crypto.getRandomValues(new Uint8Array(32)));
  await Deno.writeTextFile(`${path}/nonce.hex`, `${nonce}\n`);
  const line = ["lab", "envelope", "qemu-vtpm", "--out", `${path}/node`, "--nonce", nonce];
  await output(Deno.execPath(), ["run", "-A", "--quiet", `${ROOT}main.ts`, ...line], { cwd: ROOT });
}
