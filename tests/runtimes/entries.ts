/**
 * The files of the installed package that its entries are, as its
 * `package.json` says.
 *
 * @module
 */

import { PACKAGE } from "./home.ts";

/**
 * Files by what programs import, as `./node_modules/…` by `@casemate/casemate/snp`.
 *
 * @param home Folder with the package.
 * @param condition What the importing runtime is; `default` where nothing is said for it.
 */
export async function entryFiles(
  home: string,
  condition: "workerd" | "default",
): Promise<Readonly<Record<string, string>>> {
  const described: unknown = JSON.parse(await Deno.readTextFile(`${home}/${PACKAGE}/package.json`));
  const { name, exports } = described as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
  const files = Object.entries(exports).map(([entry, file]) => {
    const chosen = typeof file === "string" ? file : file[condition] ?? file["default"];
    return [`${name}${entry.slice(1)}`, `./${PACKAGE}/${chosen?.slice(2)}`] as const;
  });
  return Object.fromEntries(files);
}
