/**
 * The suite in workerd: the files of the installed package as they are, no
 * bundler between, and the WASM module imported as a module.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { NpmToolFolder } from "../../scripts/npm_tools.ts";
import { runWorker } from "../../scripts/worker/workerd.ts";
import type { Answered, Asked, Minting } from "./answer.ts";
import { entryFiles } from "./entries.ts";
import { ASKED_FILE, MINTING_FILE, PACKAGE } from "./home.ts";

/** Cases that are sent at once. */
const SENT = 100;

/** The main entry under the condition `workerd`, and the one that takes the module. */
export type WorkerEntry = "main" | "workerd";

const WORKER = "index.js";

/** Where the package has the module as text, which is not given to Workers. */
const TEXT = /\/wasm\/inline\.js$/;

/**
 * Runs it.
 *
 * @param wrangler wrangler, which brings workerd.
 * @param home Folder with the package.
 * @param entries Which entries are asked, each about everything.
 * @returns Answers of each entry.
 */
export async function answerInWorkerd(
  wrangler: NpmToolFolder,
  home: string,
  entries: readonly WorkerEntry[],
): Promise<readonly Answered[]> {
  await writeWorker(home);
  const modules = await modulesIn(home);
  const options = { folder: home, modules, settings: {}, nonces: false };
  await using running = await runWorker(wrangler, options);
  const asked: Asked = JSON.parse(await Deno.readTextFile(`${home}/${ASKED_FILE}`));
  const minting: Minting = JSON.parse(await Deno.readTextFile(`${home}/${MINTING_FILE}`));
  const minted: Answered["minted"] = JSON.parse(await post(`${running.url}/mint`, minting));
  const answered: Answered[] = [];
  for (const entry of entries) {
    const url = `${running.url}/answer?entry=${entry}`;
    answered.push({ texts: await askInParts(url, asked), minted });
  }
  return answered;
}

/** Workers find no packages by name; wrangler's bundler would put these paths. */
async function writeWorker(home: string): Promise<void> {
  const files = await entryFiles(home, "workerd");
  const text = await Deno.readTextFile(`${home}/worker.mjs`);
  const found = text.replace(/(?<= from ")@[^"]+/g, (name) => files[name] ?? name);
  await Deno.writeTextFile(`${home}/${WORKER}`, found);
}

type Modules = readonly (readonly [string, "CompiledWasm" | "ESModule"])[];

async function modulesIn(home: string): Promise<Modules> {
  const paths = [WORKER, ...await scriptsAt(home, "."), ...await filesBelow(home, PACKAGE)];
  return paths.flatMap((path): Modules => {
    if (path.endsWith(".wasm")) return [[path, "CompiledWasm"]];
    return path.endsWith(".js") && !TEXT.test(path) ? [[path, "ESModule"]] : [];
  });
}

/** The suite, which may be in several files. */
async function scriptsAt(home: string, folder: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${home}/${folder}`));
  return entries.map(({ name }) => name).filter((name) => name.endsWith(".js") && name !== WORKER);
}

async function filesBelow(home: string, folder: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${home}/${folder}`));
  const found = entries.map(({ name, isDirectory }) =>
    isDirectory ? filesBelow(home, `${folder}/${name}`) : [`${folder}/${name}`]
  );
  return (await Promise.all(found)).flat();
}

async function askInParts(url: string, { cases, logs }: Asked): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let at = 0; at < cases.length; at += SENT) {
    const part: Asked = { cases: cases.slice(at, at + SENT), logs: [] };
    texts.push(...JSON.parse(await post(url, part)));
  }
  return [...texts, ...JSON.parse(await post(url, { cases: [], logs }))];
}

async function post(url: string, body: unknown): Promise<string> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}
