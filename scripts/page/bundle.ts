/**
 * Bundles the page's scripts, without what the page never asks for.
 *
 * @module
 */
import config from "../../deno.json" with { type: "json" };
import { minify } from "terser";
import { fromFileUrl, output } from "../process.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/**
 * Modules that the page has no use for, with the names that others import from
 * them: the portable engine, which verifies without WASM; descriptions of files;
 * asking vendors. What stands in for them throws.
 */
export const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  "core/portable/engine": ["createPortableEngine"],
  "evidence/ec2/portable/mod": ["operations"],
  "evidence/gce/portable/mod": ["operations"],
  "evidence/gce/portable/endorsement_golden": ["readGolden", "readLaunch"],
  "evidence/hcl/portable/mod": ["operations"],
  "evidence/logs/portable/mod": ["operations"],
  "evidence/nitro/portable/mod": ["operations"],
  "evidence/snp/portable/mod": ["operations"],
  "evidence/snp/portable/chain": ["verifyIssuers"],
  "evidence/snp/portable/fetched": ["readFetchedChain", "readFetchedLeaf", "readFetchedList"],
  "evidence/tdx/portable/mod": ["operations"],
  "evidence/tdx/portable/fetched": [
    "readFetchedTcbInfo",
    "readFetchedQeIdentity",
    "readFetchedPckList",
    "readFetchedRootList",
  ],
  "evidence/tpm/portable/mod": ["operations"],
  "evidence/azure_sev_snp/collateral": ["azureSnpCollateral"],
  "evidence/azure_sev_snp/thim": ["thimItem", "thimItemOfKey"],
  "evidence/azure_tdx/collateral": ["azureTdxCollateral"],
  "evidence/snp/collateral": ["snpCollateral"],
  "evidence/snp/items": ["snpItemOfKey"],
  "evidence/tdx/collateral": ["tdxCollateral"],
  "evidence/tdx/items": ["tdxItemOfKey"],
  "evidence/azure_sev_snp/show": ["show"],
  "evidence/gce/show": ["showGce"],
  "evidence/hcl/show": ["showHcl"],
  "evidence/logs/show": ["show"],
  "evidence/nitro/show": ["show"],
  "evidence/snp/show": ["show"],
  "evidence/tdx/show": ["show"],
  "evidence/tpm/show": ["show"],
};

/** Modules for which the page has smaller ones of its own, or such that need no TLS. */
const INSTEAD: Readonly<Record<string, string>> = {
  [`${ROOT}src/core/sha2.ts`]: `${ROOT}src/page/sha2.ts`,
  [`${ROOT}src/evidence/logs/digest.ts`]: `${ROOT}src/page/log_digest.ts`,
};

/**
 * Bundles a script of the page, minified.
 *
 * @param entry Path of its module.
 * @param care Whether it is made as small as can be.
 * @returns The script, a classic one.
 */
export async function bundleScript(entry: string, care: "best" | "stored"): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-page-" });
  try {
    const imports = { ...config.imports, ...await standIns(folder), ...INSTEAD };
    const file = `${folder}/deno.json`;
    await Deno.writeTextFile(file, JSON.stringify({ imports, nodeModulesDir: "none" }));
    const made = `${folder}/made.js`;
    const flags = ["--quiet", "--no-lock", "--config", file, "--platform", "browser"];
    const results = ["--sourcemap=external", "--output", made];
    await output(
      Deno.execPath(),
      ["bundle", ...flags, "--format", "iife", "--minify", ...results, `${ROOT}${entry}`],
      { cwd: ROOT },
    );
    refusePackages(await Deno.readTextFile(`${made}.map`));
    const script = await Deno.readTextFile(made);
    return care === "best" ? await smaller(script) : script.trim();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * The licences in the page are those of the module alone (`notices.ts`).
 *
 * @param map The source map; it names the modules of which something is left.
 * @throws {Error} where one of them is of npm.
 */
export function refusePackages(map: string): void {
  const { sources }: { sources: readonly string[] } = JSON.parse(map);
  const other = sources.find((source) => /\/npm\/|node_modules/.test(source));
  if (other === undefined) return;
  throw new Error(`${other} would lie in the page, without its licence`);
}

/** Names by how often they stand there, and what can be said shorter. */
async function smaller(script: string): Promise<string> {
  const compress = { passes: 3, ecma: 2020, unsafe_arrows: true } as const;
  const { code } = await minify(script, { compress, mangle: true, format: { ecma: 2020 } });
  if (code === undefined) throw new Error("The script came to nothing");
  return code;
}

async function standIns(folder: string): Promise<Readonly<Record<string, string>>> {
  const made = Object.entries(LEFT_OUT).map(async ([module, names], i) => {
    const exported = names.map((name) => `absent as ${name}`).join(", ");
    const absent = `const absent = () => { throw new TypeError("left out"); };`;
    await Deno.writeTextFile(`${folder}/${i}.ts`, `${absent}\nexport { ${exported} };\n`);
    return [`${ROOT}src/${module}.ts`, `${folder}/${i}.ts`] as const;
  });
  return Object.fromEntries(await Promise.all(made));
}
