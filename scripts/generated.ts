/**
 * Writes generated files, or says which of them are stale.
 *
 * @module
 */

/** A file as a generator wants it. */
export interface Generated {
  /** Path relative to the root. */
  readonly path: string;
  /** Whole content. */
  readonly text: string;
}

/**
 * Writes each file that differs, or with `check` writes nothing and names them.
 *
 * @param root Folder that the paths are relative to.
 * @param files What the generator made.
 * @param check Whether to look only.
 * @returns False if `check` found a stale file.
 */
export async function settle(
  root: URL,
  files: readonly Generated[],
  check: boolean,
): Promise<boolean> {
  let fresh = true;
  for (const { path, text } of files) {
    const url = new URL(path, root);
    const before = await readOrEmpty(url);
    if (before === text) continue;
    if (check) {
      fresh = false;
      console.error(`${path} is stale: ${firstDifference(before, text)}`);
    } else {
      await Deno.mkdir(new URL(".", url), { recursive: true });
      await Deno.writeTextFile(url, text);
      console.log(`wrote ${path}`);
    }
  }
  if (!fresh) console.error("Run `./scripts/deno task generate` and commit the result.");
  else if (check) console.log(`${files.length} generated files are fresh`);
  return fresh;
}

/**
 * Where two texts part.
 *
 * @param before What is there.
 * @param after What should be there.
 */
export function firstDifference(before: string, after: string): string {
  if (before === "") return "missing or empty";
  const [old, wanted] = [before.split("\n"), after.split("\n")];
  const at = wanted.findIndex((line, i) => line !== old[i]);
  const line = at === -1 ? wanted.length : at;
  return `line ${line + 1} is ${JSON.stringify(old[line] ?? "absent")}, should be ${
    JSON.stringify(wanted[line] ?? "absent")
  }`;
}

async function readOrEmpty(url: URL): Promise<string> {
  try {
    return await Deno.readTextFile(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
