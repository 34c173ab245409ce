/** Keys, nonces and batches as Python computes them from the protocol's text alone. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const FILES = ["../keys/vectors.json", "../channel/crypto_vectors.json"];
const PROGRAM = fileURLToPath(new URL("derivations.py", import.meta.url));

async function python(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("python3", { args: [...args] }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), problems: text.decode(stderr) };
}

const isThere = await python("--version").then(({ code }) => code === 0, (error: unknown) => {
  if (error instanceof Deno.errors.NotFound) return false;
  throw error;
});
const note = isThere ? "" : " (ignored: no python3 here)";

Deno.test({
  name: `Python computes every key, nonce and batch of the vectors${note}`,
  ignore: !isThere,
  async fn() {
    const paths = FILES.map((file) => fileURLToPath(new URL(file, import.meta.url)));
    const { code, out, problems } = await python(PROGRAM, ...paths);
    assert.equal(code, 0, problems);
    const counts = { epochRoots: 5, keys: 6, kmsRoots: 3, nonces: 5, batches: 7 };
    assert.deepEqual(JSON.parse(out), counts);
  },
});

Deno.test({
  name: `Python finds a vector that is wrong${note}`,
  ignore: !isThere,
  async fn() {
    const path = await Deno.makeTempFile({ prefix: "casemate-derivations-" });
    try {
      const text = await Deno.readTextFile(new URL("../keys/vectors.json", import.meta.url));
      await Deno.writeTextFile(path, text.replace('"epoch": 2,', '"epoch": 3,'));
      const { code, problems } = await python(PROGRAM, path);
      assert.equal(code, 1);
      assert.match(problems, /^epochRoots 1: [^\n]*\n$/);
    } finally {
      await Deno.remove(path);
    }
  },
});
