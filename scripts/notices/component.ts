/**
 * Works of others that are in what is shipped, with their licences as they
 * themselves bring them.
 *
 * @module
 */

/** A package or crate of others. */
export interface Component {
  /** Name at its registry. */
  readonly name: string;
  /** Version. */
  readonly version: string;
  /** SPDX expression, as it says. */
  readonly license: string;
  /** Texts of the licence that is taken, and notices that must go with it. */
  readonly texts: readonly string[];
}

/** Files that say under what terms a work is given. */
const TERMS = /^(?:licen[cs]e|copying|copyright|notice)(?:[-._].*)?$/i;

/** Where MIT is offered it is taken, and texts of other choices are left out. */
const OFFERED_MIT = /(?:^|[\s(/])MIT(?:\)?\s*OR\b|\/)|(?:\bOR\s*\(?|\/)MIT\b/;
const OTHER_CHOICES = /apache|unlicense|copying/i;

/**
 * Reads the texts of a package.
 *
 * @param folder The package as its registry gives it.
 * @param license SPDX expression that it gives for itself.
 * @throws {Error} where it brings no text.
 */
export async function readTexts(folder: string, license: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const found = entries.filter(({ isFile, name }) => isFile && TERMS.test(name))
    .map(({ name }) => name).sort();
  const names = chosenFiles(found, license);
  if (names.length === 0) throw new Error(`${folder} brings no text of its licence (${license})`);
  return await Promise.all(
    names.map(async (name) => tidied(await Deno.readTextFile(`${folder}/${name}`))),
  );
}

/**
 * Of files with terms, those that belong to the choice that is made.
 *
 * @param names Their names.
 * @param license SPDX expression of the package.
 */
export function chosenFiles(names: readonly string[], license: string): readonly string[] {
  const mit = OFFERED_MIT.test(license) && names.some((name) => /mit/i.test(name));
  return mit ? names.filter((name) => !OTHER_CHOICES.test(name)) : names;
}

/** The same words without blanks at the ends of lines, so that equal texts are found equal. */
function tidied(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/[ \t]+$/gm, "").trim();
}
