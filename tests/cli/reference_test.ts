import assert from "node:assert/strict";
import { type Schema, Validator } from "@cfworker/json-schema";
import { signDsse } from "../../src/core/dsse.ts";
import { generateSigningKey, keyPem, readSigningKey } from "../../src/core/signing_key.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import { canonicalJson } from "../../src/core/canonical_json.ts";
import type { Case } from "./cases.ts";
import { ENVELOPE_FILES, envelopeArguments } from "./envelope_files.ts";
import { expectError, expectJsonError, withJson } from "./expect.ts";
import { type FakeFile, type Ran, runCli, type RunWith } from "./fake_host.ts";

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function keyFiles() {
  const { pkcs8, publicKey } = await generateSigningKey("P-384");
  const secret = keyPem("PRIVATE KEY", pkcs8);
  return {
    secret,
    open: keyPem("PUBLIC KEY", publicKey.spki),
    id: publicKey.id,
    key: await readSigningKey(utf8(secret)),
  };
}

const [owner, other] = [await keyFiles(), await keyFiles()];

const short: Readonly<Record<string, object>> = JSON.parse(
  `${ENVELOPE_FILES["azure-reference.json"]}`,
);
const values: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object(
  short["azure-sev-snp"],
);
const bent = JSON.parse(
  JSON.stringify(values).replaceAll(/"[0-9a-f]{64}"/g, `"${"ab".repeat(32)}"`),
);

const long = (more: object = {}) => ({
  version: 1,
  release: "casemate-1.4.0",
  issued: "2026-11-20T10:00:00Z",
  notAfter: "2027-05-20T10:00:00Z",
  sets: [
    { name: "1.3.9", "azure-sev-snp": bent },
    {
      name: "1.4.0",
      "azure-sev-snp": {
        tee: {
          idKeyDigests: {
            known: "published",
            from: "Microsoft",
            value: values["tee"]?.["idKeyDigests"],
          },
        },
        vtpm: {
          registers: {
            known: "computed",
            from: "casemate.efi",
            value: values["vtpm"]?.["registers"],
          },
        },
      },
    },
  ],
  ...more,
});

const signedBy = async (document: object, { key }: typeof owner): Promise<Uint8Array> =>
  await signReference(JSON.parse(JSON.stringify(document)), [key]);

const files: Readonly<Record<string, FakeFile>> = {
  ...ENVELOPE_FILES,
  "owner.key": owner.secret,
  "owner.pub": owner.open,
  "other.pub": other.open,
  "reference.yaml": JSON.stringify(long(), null, 2),
  "signed.json": await signedBy(long(), owner),
  "expired.json": await signedBy(long({ notAfter: "2026-11-21T00:00:00Z" }), owner),
  "early.json": await signedBy(long({ issued: "2026-12-01T00:00:00Z" }), owner),
  "same-name.json": await signedBy(
    long({ sets: [long().sets[0], long().sets[0]] }),
    owner,
  ),
  "purpose.json": await signDsse(
    "application/vnd.casemate.collateral+json",
    canonicalJson(JSON.parse(JSON.stringify(long()))),
    [owner.key],
  ),
  "large.yaml": `version: 1\n# ${"x".repeat(600_000)}\n`,
  "deep.yaml": `{"version":1,"tdx":${"[".repeat(20_000)}`,
  "painted.yaml": JSON.stringify(long({ release: "\u001b[2JTRUSTED" })),
};

const run = (line: string, options: RunWith = {}): Promise<Ran> =>
  runCli(envelopeArguments(line), { files, ...options });

const TERMS = "@asked --policy azure.json --lab-root azure-root.der";
const VERIFY = `evidence verify node.json ${TERMS} --reference`;

Deno.test("casemate owner new writes both halves of a key, the private one for its owner alone", async () => {
  const ran = await run("owner new --out keys/ -o json");
  assert.equal(ran.exitCode, 0, ran.err);
  assert.deepEqual([...ran.written.keys()], ["keys/owner.key", "keys/owner.pub"]);
  assert.deepEqual([...ran.secret], ["keys/owner.key"]);
  const made = JSON.parse(ran.out);
  for (const [name, half] of [["owner.key", "private"], ["owner.pub", "public"]] as const) {
    const shown = await run(`owner show keys/${name} -o json`, {
      files: Object.fromEntries(ran.written),
    });
    const { fingerprint } = made;
    assert.deepEqual(JSON.parse(shown.out), { v: 1, half, kind: "P-384", fingerprint });
  }
  for (const name of ["keys/owner.key", "keys/owner.pub"]) {
    const again = await run("owner new --out keys", { files: { [name]: "mine" } });
    assert.deepEqual([again.exitCode, again.written.size], [2, 0]);
    assert.match(again.err, /exists already/);
  }
});

Deno.test("casemate reference sign writes what verifies with the owner's key, and names who signed", async () => {
  const signing = await run("reference sign reference.yaml --key owner.key --out new.json");
  assert.equal(signing.exitCode, 0, signing.err);
  const written = { ...files, ...Object.fromEntries(signing.written) };
  const ran = await run(`${VERIFY} new.json --owner-key owner.pub`, { files: written });
  assert.equal(ran.exitCode, 0, ran.out + ran.err);
  assert.match(ran.out, /reference +casemate-1\.4\.0, set 1\.4\.0, signed by [0-9a-f]{16}…/);
  const json = await run(`${VERIFY} new.json --owner-key owner.pub -o json`, { files: written });
  const { reference, digests } = JSON.parse(json.out);
  assert.deepEqual([reference.owner, reference.set], [owner.id, "1.4.0"]);
  const check = await run("reference check new.json --owner-key owner.pub -o json", {
    files: written,
  });
  const checked = JSON.parse(check.out);
  assert.deepEqual([checked.owner, checked.digest], [owner.id, digests.reference]);
});

Deno.test("casemate evidence verify refuses reference values that are not in force", async () => {
  for (
    const [file, code] of [["expired.json", "reference.expired"], [
      "early.json",
      "reference.future",
    ]]
  ) {
    const { exitCode, out } = await run(`${VERIFY} ${file} --owner-key owner.pub -o json`);
    assert.deepEqual([exitCode, JSON.parse(out).code], [3, code]);
  }
});

const ERRORS: readonly Case[] = [
  [
    "reference values that another signed",
    `${VERIFY} signed.json --owner-key other.pub`,
    "dsse.key",
    3,
  ],
  [
    "values signed for another purpose",
    `${VERIFY} purpose.json --owner-key owner.pub`,
    "dsse.type",
    3,
  ],
  ["signed values without a key", `${VERIFY} signed.json`, "reference.owner_unknown", 2],
  [
    "unsigned values with a key",
    `${VERIFY} reference.yaml --owner-key owner.pub`,
    "reference.unsigned",
    2,
  ],
  ["a key that is none", `${VERIFY} signed.json --owner-key azure.json`, "input.wrong_kind", 2],
  [
    "a private key for the public one",
    `${VERIFY} signed.json --owner-key owner.key`,
    "input.wrong_kind",
    2,
  ],
  [
    "a key that nothing is held to",
    `evidence verify node.json ${TERMS} --owner-key owner.pub`,
    "input.missing",
    2,
  ],
  ["two sets of one name", `${VERIFY} same-name.json --owner-key owner.pub`, "policy.value", 2],
  ["a file of half a megabyte", `${VERIFY} large.yaml`, "input.too_large", 2],
  ["a file that is nested deeply", `${VERIFY} deep.yaml`, "policy.syntax", 2],
  ["a release that paints", `${VERIFY} painted.yaml`, "policy.value", 2],
  [
    "a check of two sets of one name",
    "reference check same-name.json --owner-key owner.pub",
    "policy.value",
    2,
  ],
  [
    "a check of what another signed",
    "reference check signed.json --owner-key other.pub",
    "dsse.key",
    3,
  ],
  ["a check of a policy", "reference check azure.json", "input.wrong_kind", 2],
  ["an explanation of evidence", "reference explain node.json", "input.wrong_kind", 2],
  ["signing without key", "reference sign reference.yaml --out x.json", "input.missing", 2],
  ["signing without a place", "reference sign reference.yaml --key owner.key", "input.missing", 2],
  [
    "signing with a public key",
    "reference sign reference.yaml --key owner.pub --out x",
    "input.wrong_kind",
    2,
  ],
  ["signing twice", "reference sign signed.json --key owner.key --out x", "input.wrong_kind", 2],
  [
    "signing a policy",
    "reference sign azure.json --key owner.key --out x",
    "input.wrong_kind",
    2,
  ],
  [
    "signing over a file",
    "reference sign reference.yaml --key owner.key --out node.json",
    "input.unwritable",
    2,
  ],
  ["a draft for no variant", "reference new azure-snp", "input.unknown", 2],
  ["a key without a folder", "owner new", "input.missing", 2],
  ["showing what is no key", "owner show azure.json", "input.wrong_kind", 2],
].map(([name, line, code, exit]) => ({
  name: `${name}`,
  line: `${line}`,
  exit: Number(exit),
  err: [`${code} (exit ${exit})`],
}));

for (const wanted of ERRORS) {
  Deno.test(`casemate: ${wanted.name} is one sentence with code and flag, in words and in JSON`, async () => {
    expectError(await run(wanted.line), wanted);
    expectJsonError(await runCli(withJson(envelopeArguments(wanted.line)), { files }), wanted);
  });
}

Deno.test("casemate reference new prints a file that is refused until it is filled in, and taken then", async () => {
  for (const { id } of technologies) {
    const { out, exitCode } = await run(`reference new ${id}`);
    assert.equal(exitCode, 0);
    const json = await run(`reference new ${id} -o json`);
    assert.deepEqual(JSON.parse(json.out), { v: 1, variant: id, file: out });
    const empty = await run("reference check new.yaml", { files: { "new.yaml": out } });
    assert.equal(empty.exitCode, 2, id);
    const text = out.split("\n").map((line) =>
      line.replaceAll("[FILL-IN]", `["${"11".repeat(line.includes("sha256") ? 32 : 48)}"]`)
    ).join("\n");
    const filled = await run("reference check new.yaml -o json", { files: { "new.yaml": text } });
    assert.equal(filled.exitCode, 0, filled.out);
    assert.deepEqual(JSON.parse(filled.out).warnings, [], id);
  }
});

const schema: Schema = JSON.parse(
  await Deno.readTextFile(new URL("../../docs/schemas/reference.v1.json", import.meta.url)),
);

Deno.test("the published schema takes what is read, and refuses what is not", () => {
  const validator = new Validator(schema, "2020-12", true);
  const valid = (document: unknown): boolean => validator.validate(document).valid;
  assert.ok(valid(JSON.parse(JSON.stringify(long()))));
  assert.ok(valid(short));
  const [set] = long().sets;
  for (
    const document of [
      long({ version: 2 }),
      long({ sets: [] }),
      long({ release: "a\nb" }),
      long({ acceptRoots: ["none"] }),
      long({ sets: [{ ...set, "sev-snp": { debug: "allow" } }] }),
      long({ sets: [{ ...set, "sev-snp": { measurements: [{ known: "guessed", value: [] }] } }] }),
      { ...short, sets: [] },
      { version: 1, "sev-snp": { measurements: [] } },
      { version: 1, "sev-snp": { runtime: { member: { sha256: ["11".repeat(32)] } } } },
    ]
  ) assert.ok(!valid(JSON.parse(JSON.stringify(document))), JSON.stringify(document));
});

/** Whole answers, as a person sees them at 80 columns. `UPDATE_GOLDEN=1` writes them anew. */
const GOLDEN: Readonly<Record<string, string>> = {
  "reference_new": "reference new azure-sev-snp",
  "reference_check": "reference check reference.yaml",
  "reference_explain": "reference explain reference.yaml",
};

for (const [name, line] of Object.entries(GOLDEN)) {
  Deno.test(`casemate answers as in golden/${name}.txt`, async () => {
    const { out, err } = await run(line);
    const golden = new URL(`./golden/${name}.txt`, import.meta.url);
    const text = `$ casemate ${line}\n${out}${err}`;
    if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(golden, text);

    assert.equal(text, await Deno.readTextFile(golden));
  });
}

Deno.test("casemate reference and owner keep to the width of the terminal", async () => {
  const lines = [
    "reference check reference.yaml",
    "reference check azure-reference.json",
    "reference explain signed.json --owner-key owner.pub",
    "reference sign reference.yaml --key owner.key --out new.json",
    "owner show owner.pub",
    "owner new --out keys",
  ];
  for (const line of lines) {
    const { out, err, exitCode } = await run(line, { width: 60 });
    assert.equal(exitCode, 0, err);
    assert.deepEqual(out.split("\n").filter((text) => [...text].length > 60), [], line);
  }
});

Deno.test("casemate reference check --strict ends with 2 where anything is doubtful", async () => {
  assert.equal((await run("reference check azure-reference.json")).exitCode, 0);
  assert.equal((await run("reference check azure-reference.json --strict")).exitCode, 2);
});
