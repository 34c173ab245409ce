/**
 * A clean folder in which the package is installed from its tarball, with the
 * suite and what it asks beside it.
 *
 * @module
 */

import { bundle } from "../../scripts/pack.ts";
import { fromFileUrl } from "../../scripts/process.ts";
import { cleanHome } from "../packages/clean_home.ts";
import { theMinting, theQuestion } from "./asked.ts";

const HERE = fromFileUrl(new URL(".", import.meta.url));

/** What is asked, and what is minted with: files in the folder. */
export const ASKED_FILE = "asked.json";
export const MINTING_FILE = "minting.json";

/** Where npm puts the package. */
export const PACKAGE = "node_modules/@casemate/casemate";

/** Programs that are put into the folder; they find the package and nothing else. */
const PROGRAMS: readonly string[] = ["runner.mjs", "page.mjs", "worker.mjs"];

let home: Promise<string> | undefined;

/** The folder, made once for all tests of a process; it ends with the process. */
export function runtimesHome(): Promise<string> {
  home ??= install();
  return home;
}

async function install(): Promise<string> {
  const path = await cleanHome("casemate-runtimes-");
  await bundle(["tests/runtimes/answer.ts"], path);
  for (const name of PROGRAMS) await Deno.copyFile(`${HERE}${name}`, `${path}/${name}`);
  await Deno.writeTextFile(`${path}/${ASKED_FILE}`, JSON.stringify((await theQuestion()).withOdd));
  await Deno.writeTextFile(`${path}/${MINTING_FILE}`, JSON.stringify(await theMinting()));
  return path;
}
