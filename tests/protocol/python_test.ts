/** The protocol as Python reads it: a second implementation, written from `docs/protocol.md` alone. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { NAMES } from "./docs.ts";
import { bindings, envelopes, statements } from "./vectors.ts";

const ROOT = new URL("../../", import.meta.url);
const PROGRAM = fileURLToPath(new URL("tests/python/protocol_vectors.py", ROOT));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly problems: string;
}

async function python(...args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command("python3", { args: [...args] }).output();
  const [out, problems] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out ?? "", problems: problems ?? "" };
}

const isThere = await python("--version").then(({ code }) => code === 0, (error: unknown) => {
  if (error instanceof Deno.errors.NotFound) return false;
  throw error;
});
const note = isThere ? "" : " (ignored: no python3 here)";

Deno.test({
  name: `Python finds every example and every vector to be right${note}`,
  ignore: !isThere,
  async fn() {
    const { code, out, problems } = await python(PROGRAM, fileURLToPath(ROOT));
    assert.equal(code, 0, problems);
    assert.deepEqual(JSON.parse(out), {
      "statements": 2 * statements.cases.length,
      "refusals of statements": statements.refusals.length,
      "bindings": 3 * bindings.bindings.length,
      "registers": 2 * bindings.registers.length,
      "envelopes": 2 * envelopes.cases.length,
      "records": 4 * envelopes.cases.length,
      "extensions": 2 * envelopes.cases.length,
      "refusals of envelopes": envelopes.refusals.length,
      "refusals of records": envelopes.cmwRefusals.length,
      // Eight take X25519 or AES, which Python has not by itself.
      "examples": NAMES.length - 8 + 2,
    });
  },
});

Deno.test({
  name: `Python finds what is wrong in bent vectors and a bent page${note}`,
  ignore: !isThere,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "casemate-protocol-" });
    try {
      await writeBent(folder);
      const { code, problems } = await python(PROGRAM, folder);
      assert.equal(code, 1, problems);
      for (
        const about of ["bindings", "registers", "examples quote-alone", "refusals of records"]
      ) {
        assert.ok(problems.includes(about), `${about} in ${problems}`);
      }
      assert.equal(problems.trim().split("\n").length, 4, problems);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** A copy of what the program reads, with four things in it wrong. */
async function writeBent(folder: string): Promise<void> {
  const vectors = `${folder}/tests/vectors/protocol`;
  await Deno.mkdir(vectors, { recursive: true });
  await Deno.mkdir(`${folder}/docs`);
  const [binding, ...others] = bindings.bindings;
  const [register, ...registers] = bindings.registers;
  const [refusal, ...refusals] = envelopes.cmwRefusals;
  const files = {
    "statements.json": statements,
    "bindings.json": {
      bindings: [{ ...binding, qualifyingData: "00".repeat(32) }, ...others],
      registers: [{ ...register, sha384: "00".repeat(48) }, ...registers],
    },
    "envelopes.json": {
      ...envelopes,
      cmwRefusals: [{ ...refusal, code: "envelope.media_type" }, ...refusals],
    },
  };
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${vectors}/${name}`, JSON.stringify(content));
  }
  const page = await Deno.readTextFile(new URL("docs/protocol.md", ROOT));
  const bent = page.replace(/(example=quote-alone\n)[0-9a-f]{2}/, (_, head: string) => `${head}00`);
  await Deno.writeTextFile(`${folder}/docs/protocol.md`, bent);
}
