/**
 * A copy of the program that ends itself, as `kill -9` would, at a named point:
 * what is on disk, in the TPM or in etcd is then as it was at that moment. Who
 * goes on afterwards is the program as it is shipped.
 *
 * @module
 */

import { weaken, type Weakened, type Weakening } from "../attacks/weaken.ts";

/** In whose environment the folder of points stands. */
const FOLDER = "CASEMATE_POINTS";

/** Each point is written down; where it is the one, the process ends. */
const DEFINITION = `
Reflect.set(globalThis, "point", (name) => {
  const folder = Deno.env.get("${FOLDER}");
  if (folder === undefined) return;
  Deno.writeTextFileSync(folder + "/points", name + "\\n", { append: true });
  const asked = JSON.parse(Deno.readTextFileSync(folder + "/asked"));
  if (asked.name !== name) return;
  asked.time--;
  Deno.writeTextFileSync(folder + "/asked", JSON.stringify(asked));
  if (asked.time === 0) Deno.kill(Deno.pid, "SIGKILL");
});
`;

const at = (name: string): string => `Reflect.get(globalThis, "point")?.(${name});`;

/** Where points are. */
const POINTS: readonly Weakening[] = [
  {
    file: "main.ts",
    find: "if (import.meta.main) await main();",
    replace: `${DEFINITION}if (import.meta.main) await main();`,
  },
  {
    file: "src/hosts/node_state.ts",
    find: "  await Deno.rename(beside, path);\n  await syncFolder(folder);",
    replace: `  const named = path.slice(folder.length + 1).replace(/^c[0-9a-f]{32}/, "owner");
  ${at("`beside ${named}`")}
  await Deno.rename(beside, path);
  await syncFolder(folder);
  ${at("`written ${named}`")}`,
  },
  {
    file: "src/node/register.ts",
    find: "extend: (bank, digest) => extendRegister(device, PHASE_PCR, { [bank]: digest }),",
    replace: `extend: async (bank, digest) => {
      await extendRegister(device, PHASE_PCR, { [bank]: digest });
      ${at("`extended ${bank}`")}
    },`,
  },
  {
    file: "src/hosts/etcd/etcd_http.ts",
    find: "    call.end(body);",
    replace: `    call.once("finish", () => {
      const keys = url.endsWith("/txn") ? Reflect.get(globalThis, "keys") : undefined;
      if (keys !== undefined) ${at("`sent ${keys}`")}
    });
    call.end(body);`,
  },
  {
    file: "src/services/store/etcd.ts",
    find: '    return readSucceeded(await this.#calls.call("kv/txn", body, false).catch(restate));',
    replace: `    const kinds = [...new Set(change.put.map(({ key }) => key.split("/")[0]))];
    const keys = kinds.filter((kind) => kind !== "events").join("+");
    Reflect.set(globalThis, "keys", keys);
    const done = readSucceeded(await this.#calls.call("kv/txn", body, false).catch(restate));
    ${at("`committed ${keys}`")}
    return done;`,
  },
  {
    file: "src/node/join.ts",
    find: "  const answer = await reached.join({",
    replace: `  ${at('"joining"')}\n  const answer = await reached.join({`,
  },
  {
    file: "src/node/join.ts",
    find: "  time.hear(new Date(answer.time));",
    replace: `  ${at('"admitted"')}\n  time.hear(new Date(answer.time));`,
  },
  {
    file: "src/cluster/init.ts",
    find: "  const answer = await sealedCall(session, {",
    // What is sent goes on its way while nobody looks at the answer, however fast that comes.
    replace: `  ${at('"evidence"')}
  const answering = async (call) => {
    const answered = sealedCall(session, call);
    await Promise.race([answered, new Promise((done) => setTimeout(done, 30))]).catch(() => {});
    ${at('"initialising"')}
    return await answered;
  };
  const answer = await answering({`,
  },
  {
    file: "src/cluster/init.ts",
    find: "  if (answer.manifestDigest !== chain.newestDigest) {",
    replace: `  ${at('"answered"')}\n  if (answer.manifestDigest !== chain.newestDigest) {`,
  },
];

/** Makes the copy; it is removed when it is let go of. */
export async function copyWithPoints(): Promise<Weakened> {
  return await weaken(POINTS);
}

/** Where a process writes its points down, and is told at which to end. */
export interface Fate {
  /** For its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Points that were come by. */
  points(): Promise<readonly string[]>;
  /**
   * Tells another point.
   *
   * @param name The point; empty for none.
   * @param time At the how manieth time from now on.
   */
  ask(name: string, time?: number): Promise<void>;
}

/**
 * A fate of one process.
 *
 * @param folder An empty folder's path.
 * @param name The point at which it ends; empty for none.
 * @param time At the how manieth time.
 */
export async function fateIn(folder: string, name: string, time = 1): Promise<Fate> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/points`, "");
  const ask = async (name: string, time = 1): Promise<void> => {
    await Deno.writeTextFile(`${folder}/asked.new`, JSON.stringify({ name, time }));
    await Deno.rename(`${folder}/asked.new`, `${folder}/asked`);
  };
  await ask(name, time);
  const points = async (): Promise<readonly string[]> =>
    (await Deno.readTextFile(`${folder}/points`)).split("\n").slice(0, -1);
  return { env: { [FOLDER]: folder }, points, ask };
}
