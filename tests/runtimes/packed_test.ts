import assert from "node:assert/strict";
import { bundle, pack } from "../../scripts/pack.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";
import * as library from "../../mod.ts";
import { technologies } from "../../mod.ts";
import { exportAmdAuthority, type StoredAmdAuthority } from "../../src/lab/mod.ts";
import { labAuthority } from "../lab_authority.ts";
import { FULL, PORTABLE_SHARE, SHARE } from "./amount.ts";
import { makeCases } from "./cases.ts";
import { isHere, withFolder } from "./programs.ts";
import { runSuite, type RuntimeCase, type RuntimeResult } from "./suite.ts";

/** Where the authority in AMD's place is kept for the runtimes. */
const AMD_FILE = "amd.json";

const HERE = fromFileUrl(new URL(".", import.meta.url));

/** Names that only one runtime has; the packed library must run on all of them. */
const RUNTIME_NAMES = /\bDeno\.|["']node:|\bprocess\.|\brequire\(|\bBuffer\b|\b__dirname\b/g;

const noNode = !await isHere("node") || !await isHere("npm");

/** Name of a test that needs Node, which says why it is ignored. */
function inNode(name: string): { readonly name: string; readonly ignore: boolean } {
  return { name: noNode ? `${name} (ignored: no node or npm here)` : name, ignore: noNode };
}

Deno.test({
  ...inNode("the packed library names no runtime and needs no other package"),
  fn: () =>
    withFolder(async (folder) => {
      await pack(folder);
      for (const [path, text] of await readScripts(`${folder}/npm`)) {
        assert.deepEqual([path, text.match(RUNTIME_NAMES)], [path, null]);
      }
      const described = JSON.parse(await Deno.readTextFile(`${folder}/npm/package.json`));
      assert.deepEqual(described.dependencies ?? {}, {});
    }),
});

Deno.test({
  ...inNode(
    "the packed library gives in Node and in Deno what its source gives, byte for byte, with either engine",
  ),
  fn: () =>
    withFolder(async (folder) => {
      const cases = await withEngines();
      const source = await runSuite(library, cases);
      const home = await install(folder, cases);
      for (const program of ["node", Deno.execPath()]) {
        const { results, minted } = await runPacked(program, home);
        assertSame(results, source);
        assert.deepEqual(minted, ["snp", "tdx", "tpm", "aws", "azure"].map(() => "lab-trusted"));
      }
      for (const { id } of technologies) {
        const own = cases.flatMap(({ variant }, i) => variant === id ? [source[i]] : []);
        assertMeaningful(id, own);
      }
      assertEnginesAgree(cases, source);
    }),
});

/**
 * Cases in WASM; some with the portable engine too, which is slower, and a few
 * with both. `task test:engines` puts every question to both.
 */
async function withEngines(): Promise<readonly RuntimeCase[]> {
  const cases = await makeCases(SHARE);
  return cases.flatMap((one, i) => [
    one,
    ...(i % PORTABLE_SHARE === 0 ? [{ ...one, engine: "portable" as const }] : []),
    ...(i % 24 === 0 ? [{ ...one, engine: "both" as const }] : []),
  ]);
}

function assertSame(there: readonly RuntimeResult[], here: readonly RuntimeResult[]): void {
  assert.equal(there.length, here.length);
  for (const [i, result] of here.entries()) {
    assert.equal(JSON.stringify(there[i]), JSON.stringify(result), result.name);
  }
}

/** The portable engine says of each of its cases what the one in WASM says, but for the words of a reason. */
function assertEnginesAgree(
  cases: readonly RuntimeCase[],
  results: readonly RuntimeResult[],
): void {
  const saidBy = (engine: RuntimeCase["engine"]): ReadonlyMap<string, unknown> =>
    new Map(
      results.flatMap((result, i) =>
        cases[i]?.engine === engine ? [[`${cases[i].variant} ${result.name}`, endOf(result)]] : []
      ),
    );
  const [wasm, portable] = [saidBy("wasm"), saidBy("portable")];
  assert.ok(portable.size >= 300 / PORTABLE_SHARE, `${portable.size} cases`);
  for (const [name, end] of portable) assert.deepEqual(end, wasm.get(name), name);
}

/** Verdict, code and claims. */
function endOf({ examined, verified }: RuntimeResult): unknown {
  const whole = new Map(Object.entries(Object(examined)));
  const kept = ["verdict", "code", "outcome", "weakestRoot", "claims", "error"];
  const { verdict, code }: { verdict?: unknown; code?: unknown } = Object(verified);
  return [...kept.map((key) => whole.get(key)), verdict, code];
}

/** Variants without certificates: no lab vouches for their evidence, and nothing of it can be out of reach. */
const UNCERTIFIED: readonly string[] = ["qemu-vtpm", "openstack"];

/** Equal results prove little if all were errors: the suite must have met each kind of end. */
function assertMeaningful(id: string, results: readonly (RuntimeResult | undefined)[]): void {
  const text = JSON.stringify(results);
  const uncertified = UNCERTIFIED.includes(id);
  const verdicts = uncertified ? ["trusted"] : ["lab-trusted", "unavailable"];
  for (const verdict of [...verdicts, "platform-only", "rejected"]) {
    assert.ok(text.includes(`"verdict":"${verdict}"`), `no case of ${id} ends ${verdict}`);
  }
  const errors = uncertified ? [] : ["UnavailableError"];
  for (const error of ["InputError", "RejectedError", ...errors]) {
    assert.ok(text.includes(`"error":"${error}"`), `no case of ${id} throws ${error}`);
  }
}

/** What `runner.mjs` prints. */
interface PackedAnswer {
  readonly results: readonly RuntimeResult[];
  readonly minted: readonly (string | null)[];
}

/** Installs the tarball as a user would, and puts suite and cases beside it. */
async function install(folder: string, cases: readonly RuntimeCase[]): Promise<string> {
  const tarball = await pack(folder);
  const home = `${folder}/home`;
  await Deno.mkdir(home);
  await Deno.writeTextFile(`${home}/package.json`, '{"private": true, "type": "module"}');
  const quiet = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  await output("npm", ["install", ...quiet, tarball], { cwd: home });
  await bundle(["tests/runtimes/suite.ts"], home);
  await Deno.copyFile(`${HERE}runner.mjs`, `${home}/runner.mjs`);
  await Deno.writeTextFile(`${home}/cases.json`, JSON.stringify(cases));
  if (!FULL) await Deno.writeTextFile(`${home}/${AMD_FILE}`, JSON.stringify(await storedAmd()));
  return home;
}

/** Its RSA-4096 keys would take each runtime seconds to make; in full it does. */
async function storedAmd(): Promise<StoredAmdAuthority> {
  return exportAmdAuthority(await labAuthority());
}

async function runPacked(program: string, home: string): Promise<PackedAnswer> {
  const flags = program === "node" ? [] : ["run", "--quiet", "--allow-read", "--no-lock"];
  const files = FULL ? ["cases.json"] : ["cases.json", AMD_FILE];
  return JSON.parse(await output(program, [...flags, "runner.mjs", ...files], { cwd: home }));
}

async function readScripts(folder: string): Promise<readonly (readonly [string, string])[]> {
  const scripts: (readonly [string, string])[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) scripts.push(...await readScripts(path));
    else if (name.endsWith(".js")) scripts.push([path, await Deno.readTextFile(path)]);
  }
  return scripts;
}
