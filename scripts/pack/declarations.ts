/**
 * Type declarations of the npm package. `deno pack` makes them from explicit
 * types alone, as JSR does, in less than a second and with their documentation.
 *
 * @module
 */

import { output } from "../process.ts";

/**
 * Writes the declarations of everything that entries reach, each where its
 * source stands in the project.
 *
 * @param root Folder of the project.
 * @param target Folder of the package.
 */
export async function writeDeclarations(root: string, target: string): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-types-" });
  try {
    const tarball = `${folder}/all.tgz`;
    const flags = ["--quiet", "--allow-dirty", "--no-source-maps"];
    await output(Deno.execPath(), ["pack", ...flags, "--output", tarball], { cwd: root });
    await output("tar", ["-xzf", tarball, "-C", folder]);
    await copyDeclarations(`${folder}/package`, target);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function copyDeclarations(from: string, to: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyDeclarations(`${from}/${name}`, `${to}/${name}`);
    else if (name.endsWith(".d.ts")) {
      await Deno.mkdir(to, { recursive: true });
      const text = await Deno.readTextFile(`${from}/${name}`);
      await Deno.writeTextFile(`${to}/${name}`, finished(text));
    }
  }
}

/** Found beside the libraries of browsers and Workers, and made where there are none, as for Node. */
const MODULE = "\ndeclare global {\n  namespace WebAssembly {\n    interface Module {}\n  }\n}\n";

/** Declarations as every compiler takes them. */
function finished(text: string): string {
  // TypeScript looks for declarations beside the code that is named, and refuses to be sent to them.
  const named = text.replaceAll(/(from "[^"]+)\.d\.ts"/g, '$1.js"');
  return named.includes("WebAssembly.Module") ? `${named}${MODULE}` : named;
}
