/**
 * Licences of the works of others that lie in the page: the crates in the WASM
 * module. Of npm's packages none does; `bundle.ts` refuses to put one there.
 *
 * @module
 */

import crates from "../../wasm/lib/NOTICES.json" with { type: "json" };

/** A paragraph that says whose the work is. */
const COPYRIGHT = /^(?:copyright|it is copyright)/i;

const HEAD = "Casemate is under the Apache License 2.0. In its WASM module are the works below.";

/** Under Apache 2.0, for LLVM's with its exception, which object code needs no copy of. */
const BARE = "Without texts of their own, under the Apache License 2.0:";

function bare(): readonly string[] {
  const works = crates.filter(({ texts }) => texts.length === 0);
  return works.map(({ name, version, license }) => `${name} ${version}: ${license}`);
}

/**
 * The texts, each paragraph once: works that are under the same words stand
 * together, each with its own copyright lines.
 */
export function notices(): string {
  const works = new Map<string, string[]>();
  for (const { name, version, texts } of crates) {
    for (const text of texts) {
      const paragraphs = text.split(/\n\s*\n/).map((one) => one.replace(/\s+/g, " ").trim());
      const own = paragraphs.filter((one) => COPYRIGHT.test(one));
      const terms = paragraphs.filter((one) => !COPYRIGHT.test(one)).join("\n\n");
      works.set(terms, [
        ...works.get(terms) ?? [],
        [`${name} ${version}`, ...own].join(". "),
      ]);
    }
  }
  const parts = [...works].map(([terms, names]) => `${names.join("\n")}\n\n${terms}`);
  return [HEAD, ...parts, `${BARE}\n${bare().join("\n")}`].join("\n\n\n");
}
