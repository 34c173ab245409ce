/**
 * Reads the committed vectors of a technology: `tests/vectors/<id>/<case>/case.json`.
 *
 * @module
 */

import { fromHex } from "../src/core/bytes.ts";
import { type Decoder, list, object, oneOf, optional, required, text } from "../src/core/decode.ts";
import type { FilesByRole } from "../src/evidence/evidence.ts";
import type { StatementExpectation } from "../src/evidence/statement/expectation.ts";
import type { Verdict } from "../mod.ts";

const ROOT = new URL("./vectors/", import.meta.url);

/** What is expected beside the nonce. */
export interface Expected extends StatementExpectation {
  /** Report data of a report beside another part. */
  readonly reportData?: Uint8Array;
}

/** One case. */
export interface Vector {
  /** Name of its folder. */
  readonly name: string;
  /** Evidence by role. */
  readonly files: FilesByRole;
  /** Lab roots that are given. */
  readonly labRoots: readonly Uint8Array[];
  /** The nonce that is expected. */
  readonly nonce: Uint8Array;
  /** Exact bytes of the statement that the evidence is bound to; absent where there is none. */
  readonly statement?: Uint8Array | undefined;
  /** What is expected beside the nonce; absent where that is nothing. */
  readonly expected?: Expected;
  /** The moment for which it is judged. */
  readonly now: Date;
  /** Policy as plain data. */
  readonly policy: unknown;
  /** What must come out. */
  readonly verdict: Verdict;
  /** With which code; null where nothing is wrong. */
  readonly code: string | null;
}

/** What a case answers; bytes are hex. */
export interface ExpectFile extends StatementExpectation {
  readonly nonce: string;
  readonly reportData?: string;
}

/** A case as `case.json` has it; paths are relative to it. */
export interface CaseFile {
  readonly origin: "minted by casemate lab";
  readonly says: string;
  readonly time: string;
  readonly files: Readonly<Record<string, string | readonly string[]>>;
  readonly labRoots?: readonly string[];
  readonly statement?: string;
  readonly expect: ExpectFile;
  readonly policy: unknown;
  readonly verdict: Verdict;
  readonly code: string | null;
}

const anything: Decoder<unknown> = { schema: {}, decode: (value) => value };
const path = text("(\\.\\./[a-z0-9-]+/)?[a-z_]+\\.[a-z]+", "a path inside the vectors");

const paths: Decoder<CaseFile["files"]> = {
  schema: { type: "object" },
  decode(value, at) {
    const given = Object.entries(value ?? {});
    return Object.fromEntries(
      given.map(([role, found]) => [
        role,
        Array.isArray(found)
          ? list(path, 8).decode(found, `${at}.${role}`)
          : path.decode(found, `${at}.${role}`),
      ]),
    );
  },
};

const word = optional(text("[0-9a-z.-]{1,2048}", "a word or hex"), undefined, "What it must say");

const expectFile: Decoder<Readonly<Record<string, string>>> = withoutAbsent(object({
  nonce: required(text("([0-9a-f]{2}){1,512}", "hex"), "The nonce"),
  reportData: word,
  purpose: word,
  audience: word,
  requestDigest: word,
  clusterId: word,
  manifestDigest: word,
  role: word,
  nodeName: word,
  tlsSpki: word,
}));

/** A member that is absent, not one that is undefined. */
function withoutAbsent(
  decoder: Decoder<Readonly<Record<string, string | undefined>>>,
): Decoder<Readonly<Record<string, string>>> {
  return {
    schema: decoder.schema,
    decode(value, at) {
      const read = Object.entries(decoder.decode(value, at));
      return Object.fromEntries(
        read.flatMap(([key, found]) => found === undefined ? [] : [[key, found]]),
      );
    },
  };
}

/** A case as it is read; the library reads what is expected strictly. */
interface ReadCase extends Omit<CaseFile, "expect" | "statement"> {
  readonly statement: string | undefined;
  readonly expect: Readonly<Record<string, string>>;
}

const caseFile: Decoder<ReadCase> = object<ReadCase>({
  origin: required(oneOf("minted by casemate lab"), "Where it is from"),
  says: required(text(".{5,100}", "a sentence"), "What it is"),
  time: required(text("[0-9TZ:.-]{20,24}", "a moment"), "When it is judged"),
  files: required(paths, "Evidence by role"),
  labRoots: optional(list(path, 4), [], "Lab roots"),
  statement: optional(path, undefined, "The statement that it is bound to"),
  expect: required(expectFile, "What it answers"),
  policy: required(anything, "The policy"),
  verdict: required(
    oneOf("rejected", "unavailable", "platform-only", "trusted", "lab-trusted"),
    "What must come out",
  ),
  code: optional(text("[a-z0-9]+\\.[a-z0-9_]+", "a code"), null, "With which code"),
});

/**
 * All cases of a technology, by name.
 *
 * @param id Id of the technology.
 * @throws {Error} when a case is not as it should be, or there is none.
 */
export async function readVectors(id: string): Promise<readonly Vector[]> {
  const folder = new URL(`${id}/`, ROOT);
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) if (entry.isDirectory) names.push(entry.name);
  if (names.length === 0) throw new Error(`There are no vectors of ${id}`);
  return await Promise.all(names.sort().map((name) => readVector(folder, name)));
}

async function readVector(folder: URL, name: string): Promise<Vector> {
  const here = new URL(`${name}/`, folder);
  const plain: unknown = JSON.parse(await Deno.readTextFile(new URL("case.json", here)));
  const found = caseFile.decode(withoutNull(plain), name);
  const read = (file: string): Promise<Uint8Array> => Deno.readFile(new URL(file, here));
  const files: [string, FilesByRole[string]][] = [];
  for (const [role, file] of Object.entries(found.files)) {
    const bytes = typeof file === "string" ? await read(file) : await Promise.all(file.map(read));
    files.push([role, bytes]);
  }
  const { nonce = "", ...expected } = found.expect;
  return {
    name,
    files: Object.fromEntries(files),
    labRoots: await Promise.all((found.labRoots ?? []).map(read)),
    nonce: fromHex(nonce),
    ...(found.statement === undefined ? {} : { statement: await read(found.statement) }),
    expected: expectedOf(expected),
    now: new Date(found.time),
    policy: found.policy,
    verdict: found.verdict,
    code: found.code,
  };
}

function expectedOf({ reportData, ...stated }: Readonly<Record<string, string>>): Expected {
  return { ...stated, ...(reportData === undefined ? {} : { reportData: fromHex(reportData) }) };
}

/** `code: null` is written for readers; the decoder knows an absent code. */
function withoutNull(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}
