import assert from "node:assert/strict";
import { EXITS } from "../../src/conformance/mod.ts";
import { compare, lacks } from "./judge.ts";
import { readVectors, type Vector } from "./vectors.ts";

const STAGE = "verify-attestation-tdx";

/** A vector that must be rejected as too short, unless changed. */
function vector(changes: Partial<Vector> = {}): Vector {
  const { rejected: exit } = EXITS;
  const codes = ["QUOTE_TRUNCATED"];
  return {
    id: "a",
    stage: STAGE,
    input: new Uint8Array(),
    exit,
    codes,
    by: null,
    outputs: {},
    needs: {},
    ...changes,
  };
}

const rejection = (code: string, stage?: string) => ({
  exit: EXITS.rejected,
  output: { accepted: false, rejection: { code, stage } },
  says: "",
});
const acceptance = (outputs: object) => ({
  exit: EXITS.accepted,
  output: { accepted: true, outputs },
  says: "",
});

Deno.test("compare() takes one of the codes, and the stage where one is named", () => {
  const status = (wanted: Vector, code: string, stage?: string): string =>
    compare(wanted, rejection(code, stage)).status;
  assert.equal(status(vector(), "QUOTE_TRUNCATED"), "passed");
  assert.equal(status(vector(), "PCK_CHAIN_INVALID"), "differs");
  assert.equal(status(vector({ exit: 0 }), "QUOTE_TRUNCATED"), "differs");
  assert.equal(status(vector({ by: "verify-full" }), "QUOTE_TRUNCATED", "verify-full"), "passed");
  assert.equal(status(vector({ by: "verify-full" }), "QUOTE_TRUNCATED", STAGE), "differs");
  const accepted = compare(vector(), acceptance({}));
  assert.deepEqual([accepted.status, accepted.says], ["differs", "exit 0, not 10 ()"]);
});

Deno.test("compare() holds expected outputs against what came, text in any case", () => {
  const wanted = vector({ exit: 0, codes: [], outputs: { mrtd: "AA", fields: { version: 4 } } });
  const status = (outputs: object): string => compare(wanted, acceptance(outputs)).status;
  assert.equal(status({ mrtd: "aa", fields: { version: 4 }, more: 1 }), "passed");
  assert.equal(status({ mrtd: "ab", fields: { version: 4 } }), "differs");
  assert.equal(status({ mrtd: "aa", fields: { version: 4, more: 1 } }), "differs");
  assert.equal(status({ mrtd: "aa" }), "differs");
  const { says } = compare(wanted, acceptance({ mrtd: "aa", fields: { version: 5 } }));
  assert.equal(says, "fields: version 5, not 4 ()");
});

Deno.test("lacks() names what a vector needs and the program does not say it has", () => {
  const have = { stages_supported: [STAGE], flow_modes: ["pinned"], tdx: { supported: true } };
  assert.equal(
    lacks(vector({ needs: { "tdx.supported": true, flow_modes: "pinned" } }), have),
    undefined,
  );
  assert.equal(lacks(vector({ needs: { flow_modes: ["bundle", "pinned"] } }), have), undefined);
  assert.equal(lacks(vector({ needs: { "tdx.supported": false } }), have), "tdx.supported");
  assert.equal(
    lacks(vector({ needs: { "tdx.supported.more": true } }), have),
    "tdx.supported.more",
  );
  assert.equal(lacks(vector({ stage: "verify-sigstore" }), have), "verify-sigstore");
});

Deno.test("readVectors() reads a folder, with the variants that the harness has", async () => {
  const folder = await Deno.makeTempDir();
  const write = async (id: string, manifest: string, input: object): Promise<void> => {
    await Deno.mkdir(`${folder}/${id}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/${id}/manifest.yaml`, manifest);
    await Deno.writeTextFile(`${folder}/${id}/input.json`, JSON.stringify(input));
  };
  const manifest = (codes: string, more = ""): string =>
    `stage: ${STAGE}\nexpects:\n  exit_code: 10\n  rejection_code: ${codes}\n${more}`;
  try {
    await assert.rejects(readVectors(folder), /holds no vectors/);
    await write("tdx/2", manifest("[QUOTE_TRUNCATED, PCK_EXPIRED]"), { quote: "a" });
    await write("tdx/1", manifest("MRTD_MISMATCH"), {});
    await write("tdx/3", manifest("QUOTE_TRUNCATED", "public_api_variant: false\n"), {});
    await write("tdx/4", manifest("MRTD_MISMATCH", "public_api_variant: true\n"), {});
    await write("tdx/5", manifest("QUOTE_TRUNCATED"), { execution_mode: "public_api" });
    const outputs = { stage: STAGE, accepted: true, outputs: { version: 4 } };
    await Deno.writeTextFile(`${folder}/tdx/1/expected.json`, JSON.stringify(outputs));

    const vectors = await readVectors(folder);
    const ids = [
      "tdx/1",
      "tdx/2",
      "tdx/2::public_api",
      "tdx/3",
      "tdx/4",
      "tdx/4::public_api",
      "tdx/5",
    ];
    assert.deepEqual(vectors.map(({ id }) => id), ids);
    assert.deepEqual(vectors[0]?.outputs, { version: 4 });
    assert.deepEqual(vectors[1]?.codes, ["QUOTE_TRUNCATED", "PCK_EXPIRED"]);
    const asked: unknown = JSON.parse(new TextDecoder().decode(vectors[2]?.input));
    assert.deepEqual(asked, { quote: "a", execution_mode: "public_api" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
