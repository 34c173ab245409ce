/**
 * Packages from npm that are bundled into the library, the command line, the
 * web page and the Worker.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { fromFileUrl, output } from "../process.ts";
import { type Component, readTexts } from "./component.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** What is bundled beside the entries of the library. */
const PROGRAMS: readonly string[] = ["main.ts", "src/page/main.ts", "src/worker/worker.ts"];

/** What `deno info` says, as far as it is read. */
interface Graph {
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly kind?: string;
    readonly specifier: string;
    readonly npmPackage?: string;
    readonly dependencies?: readonly { readonly code?: { readonly specifier?: string } }[];
  }[];
  readonly npmPackages: Readonly<
    Record<string, {
      readonly name: string;
      readonly version: string;
      readonly dependencies: readonly string[];
      readonly localPath: string;
    }>
  >;
}

/** The packages, by name; their files are where Deno keeps what it fetched. */
export async function npmComponents(): Promise<readonly Component[]> {
  const { modules, npmPackages, redirects } = await graphOfAll();
  // What is imported for its types alone has no code.
  const imported = new Set(
    modules.flatMap(({ dependencies = [] }) =>
      dependencies.flatMap(({ code }) => {
        const specifier = code?.specifier;
        return specifier === undefined ? [] : [redirects[specifier] ?? specifier];
      })
    ),
  );
  const reached = new Set(
    modules.flatMap(({ specifier, npmPackage }) =>
      npmPackage !== undefined && imported.has(specifier) ? [npmPackage] : []
    ),
  );
  // A set that grows is walked to its end.
  for (const id of reached) npmPackages[id]?.dependencies.forEach((other) => reached.add(other));
  const found = [...reached].flatMap((id) => npmPackages[id] ?? []);
  const components = await Promise.all(
    found.map(async ({ name, version, localPath }) => {
      const { license }: { license: string } = JSON.parse(
        await Deno.readTextFile(`${localPath}/package.json`),
      );
      return { name, version, license, texts: await readTexts(localPath, license) };
    }),
  );
  return components.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** One module that imports all that is bundled, and what it leads to. */
async function graphOfAll(): Promise<Graph> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-notices-" });
  try {
    const all = [...PROGRAMS, ...Object.values(config.exports)];
    const lines = all.map((path) => `import ${JSON.stringify(new URL(path, `file://${ROOT}`))};\n`);
    await Deno.writeTextFile(`${folder}/all.ts`, lines.join(""));
    const flags = ["--json", "--config", `${ROOT}deno.json`];
    return JSON.parse(await output(Deno.execPath(), ["info", ...flags, `${folder}/all.ts`]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
