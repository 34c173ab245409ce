/**
 * Commands that fail while they hold secrets: files in the wrong places, files
 * that are damaged, nobody who answers. What they say is read by people, and
 * ends up in tickets.
 *
 * @module
 */

import type { LabMachine } from "../../src/cli/lab_cluster/state.ts";
import type { Bench } from "./bench.ts";
import { SHIPPED } from "./program.ts";

/** A command, and all that it said. */
export interface Said {
  /** Its words. */
  readonly line: string;
  /** How it ended. */
  readonly code: number;
  /** Both streams. */
  readonly said: Uint8Array;
}

/** Ways to damage a file: what is left is read as far as it goes. */
const DAMAGES: Readonly<Record<string, (text: string) => string>> = {
  cut: (text) => text.slice(0, Math.floor(text.length * 0.9)),
  grown: (text) => `${text}${text}`,
  quoted: (text) => text.replaceAll('":', '"=').replaceAll("MI", "M!"),
  renamed: (text) => text.replaceAll(/"(secret|password|epochRoot|key|grant)"/g, '"other"'),
  retyped: (text) =>
    text.replaceAll(/"(secret|password|epochRoot|key)":\s*("[^"]*")/g, '"$1":[$2]'),
};

/**
 * Runs commands that must fail.
 *
 * @param bench The lab.
 * @param machine A machine whose agent has ended.
 * @param debug Whether they tell all that they know of an error.
 */
export async function mistakes(
  bench: Bench,
  machine: LabMachine,
  debug: boolean,
): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (const words of [...await linesOf(bench), ...await agentLines(bench, machine)]) {
    said.push(await fail(words, debug));
  }
  return said;
}

async function fail(words: readonly string[], debug: boolean): Promise<Said> {
  const [program, ...before] = SHIPPED;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...before, ...words],
    env: debug ? { CASEMATE_DEBUG: "1" } : {},
    stdin: "null",
  }).output();
  const said = new Uint8Array([...stdout, ...stderr]);
  return { line: words.join(" "), code, said };
}

/** Each secret file in the place of each, and damaged in its own. */
async function linesOf(bench: Bench): Promise<readonly (readonly string[])[]> {
  const { paths } = bench.work;
  const right = { owner: paths.ownerKey, master: paths.masterSecret, store: paths.store };
  const lines = [initLine(bench, right)];
  for (const flag of ["owner", "master", "store"] as const) {
    for (const damaged of await damagedCopies(bench, right[flag])) {
      lines.push(initLine(bench, { ...right, [flag]: damaged }));
    }
    for (const other of Object.values(right).filter((path) => path !== right[flag])) {
      lines.push(initLine(bench, { ...right, [flag]: other }));
    }
    const file = right[flag];
    lines.push(["config", "check", file], ["manifest", "show", file], ["config", "explain", file]);
    lines.push(["reference", "check", file], ["evidence", "verify", file], [
      "result",
      "show",
      file,
    ]);
  }
  return lines;
}

/** Nobody listens there: what is right does not come further than that. */
function initLine(
  { work: { paths } }: Bench,
  files: { readonly owner: string; readonly master: string; readonly store: string },
): readonly string[] {
  return [
    ...["cluster", "init", "--url", "https://127.0.0.1:9", "--manifest", paths.manifest],
    ...["--reference", paths.reference, "--owner", files.owner, "--master", files.master],
    ...["--store", files.store, "--lab-root", paths.roots],
  ];
}

async function damagedCopies({ folder }: Bench, path: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(path);
  const copies: string[] = [];
  for (const [how, damage] of Object.entries(DAMAGES)) {
    const copy = `${folder}/${path.split("/").at(-1)}.${how}`;
    await Deno.writeTextFile(copy, damage(text), { mode: 0o600 });
    copies.push(copy);
  }
  return copies;
}

/** Agents over damaged state, and with secrets in the places of what they are given. */
async function agentLines(
  bench: Bench,
  { name }: LabMachine,
): Promise<readonly (readonly string[])[]> {
  const { paths } = bench.work;
  const { state, launch, bootId } = paths.machine(name);
  const secret = `${state}/control_plane.secret`;
  const line = (given: { launch?: string; state?: string; root?: string; boot?: string }) => [
    ...["node", "run", "--launch-data", given.launch ?? launch, "--state", given.state ?? state],
    ...["--listen", "127.0.0.1:0", "--tpm", "unix:/nowhere", "--tee", "none"],
    ...["--variant", "gcp-sev-snp", "--boot-id", given.boot ?? bootId],
    ...["--lab-root", given.root ?? paths.roots],
  ];
  const lines = [
    ...[line({ launch: secret }), line({ boot: secret }), line({ root: secret })],
    [...line({}), "--ticket", secret],
  ];
  for (const damaged of await damagedStates(bench, state)) lines.push(line({ state: damaged }));
  return lines;
}

async function damagedStates({ folder }: Bench, state: string): Promise<readonly string[]> {
  const copies: string[] = [];
  for (const [how, damage] of Object.entries(DAMAGES)) {
    const copy = `${folder}/state-${how}-${crypto.randomUUID()}`;
    await Deno.mkdir(copy, { mode: 0o700 });
    for (const name of ["node.state", "control_plane.secret"]) {
      const text = await Deno.readTextFile(`${state}/${name}`);
      const content = name === "node.state" ? text : damage(text);
      await Deno.writeTextFile(`${copy}/${name}`, content, { mode: 0o600 });
    }
    copies.push(copy);
  }
  return copies;
}
