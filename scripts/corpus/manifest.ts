/**
 * Reads a corpus: a folder with a `MANIFEST.json` that lists cases.
 *
 * Before judging, a case gives only what a caller would know: its files, its
 * time and its `params`. What is expected of it is kept apart until after.
 *
 * @module
 */

/** A case as a judge sees it. */
export interface Case {
  /** Unique name, `tech/id`. */
  readonly name: string;
  /** Technology in the corpus's own words. */
  readonly tech: string;
  /** Files by role. */
  readonly files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** Moment for which the case is to be judged; null where nothing in it has a validity period. */
  readonly verifyAt: Date | null;
  /** What the caller knows beforehand. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Nonce the caller expects, hex, from `params`, the file role `nonce`, or the one field of `expect` that stands for a caller's knowledge. */
  readonly nonceHex: string | null;
  /** Registers the caller expects, likewise. */
  readonly publishedPcrs: unknown;
}

/** What a case should come to; read only after it was judged. */
export interface Expected {
  /** `valid`: a verified report comes out; `invalid`: rejected; `either`: anything but a crash. */
  readonly verdict: "valid" | "invalid" | "either";
  /** Checks that fail, in the corpus's words; null where the case is valid. */
  readonly reason: string | null;
  /** Parsed facts, for comparison. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A case and what it should come to. */
export interface Entry {
  /** The case. */
  readonly input: Case;
  /** What it should come to. */
  readonly expected: Expected;
}

type Plain = Readonly<Record<string, unknown>>;

/** A case whose description or files cannot be read. */
export interface Unreadable {
  /** Name, as far as it is known. */
  readonly name: string;
  /** What is wrong. */
  readonly problem: string;
}

/**
 * Reads all cases of a corpus. A case that cannot be read does not keep the
 * others from being judged.
 *
 * @param folder The folder that holds `MANIFEST.json`.
 * @throws {Error} when there is no list of cases.
 */
export async function readCorpus(folder: string): Promise<readonly (Entry | Unreadable)[]> {
  const manifest: unknown = JSON.parse(await Deno.readTextFile(`${folder}/MANIFEST.json`));
  if (!Array.isArray(manifest)) throw new Error(`${folder}/MANIFEST.json is not a list of cases`);
  return await Promise.all(manifest.map((item: unknown, i) => readOrTell(folder, item, i)));
}

async function readOrTell(folder: string, item: unknown, i: number): Promise<Entry | Unreadable> {
  try {
    return await readEntry(folder, plain(item, `case ${i}`));
  } catch (error) {
    const { tech, id } = Object(item);
    const name = typeof tech === "string" && typeof id === "string" ? `${tech}/${id}` : `case ${i}`;
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function readEntry(folder: string, item: Plain): Promise<Entry> {
  const name = `${text(item["tech"], "tech")}/${text(item["id"], "id")}`;
  const params = plain(item["params"] ?? {}, `${name}: params`);
  const expect = plain(item["expect"] ?? {}, `${name}: expect`);
  const fields = plain(expect["fields"] ?? {}, `${name}: expect.fields`);
  const files = await readFiles(folder, plain(item["files"], `${name}: files`));
  const at = item["verify_at"];
  const input: Case = {
    name,
    tech: text(item["tech"], "tech"),
    files,
    verifyAt: typeof at === "string" ? new Date(at) : null,
    params,
    nonceHex: nonceOf(params, files, fields),
    publishedPcrs: params["published_pcrs"] ?? fields["published_pcrs"] ?? null,
  };
  return {
    input,
    expected: {
      verdict: verdictOf(name, item, expect),
      reason: optionalText(expect["reason"]),
      fields,
    },
  };
}

function verdictOf(name: string, item: Plain, expect: Plain): Expected["verdict"] {
  if (item["kind"] === "robustness") return "either";
  const verdict = expect["verdict"];
  if (verdict === "valid" || verdict === "invalid") return verdict;
  throw new Error(`${name}: expect.verdict is neither valid nor invalid`);
}

/** The order that the corpus's README gives: params, the file role `nonce`, then `nonce_hex`. */
function nonceOf(params: Plain, files: Case["files"], fields: Plain): string | null {
  const given = optionalText(params["expected_nonce_hex"]);
  if (given !== null) return given;
  const file = files["nonce"];
  return file === undefined ? optionalText(fields["nonce_hex"]) : file.toHex();
}

async function readFiles(folder: string, paths: Plain): Promise<Case["files"]> {
  const read = Object.entries(paths).map(async ([role, path]) =>
    [role, await Deno.readFile(`${folder}/${text(path, role)}`)] as const
  );
  return Object.fromEntries(await Promise.all(read));
}

function plain(value: unknown, what: string): Plain {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${what} is not an object`);
  }
  return Object.fromEntries(Object.entries(value));
}

function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what} is not text`);
  return value;
}

function optionalText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
