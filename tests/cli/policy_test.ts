import assert from "node:assert/strict";
import { technologies } from "../../src/evidence/registry.ts";
import { FILES, toArguments } from "./evidence_files.ts";
import { type Ran, runCli } from "./fake_host.ts";

const PLAIN = "version: 1\nadmitVariants: [sev-snp]\nsev-snp:\n  revocation: require\n";

const WEAK = `version: 1
admitVariants: [sev-snp, azure-sev-snp]
acceptRoots: [amd, paravisor, provider]
acceptCompromised: { milan: 2027-01-31 }
sev-snp:
  debug: { value: allow, until: 2027-01-31, because: migration of the build farm }
  migration: { value: allow, until: 2026-01-31 }
  vmpl: [0, 2]
  minimumGuestSvn: 0
  smt: forbid
tdx:
  tcbStatuses: [UpToDate, OutOfDate]
`;

const WRONG = `version: 1
sev-snp:
  debgu: allow
  vmpl: []
`;

const files = {
  "plain.yaml": PLAIN,
  "plain.json": JSON.stringify({
    "sev-snp": { revocation: "require" },
    admitVariants: ["sev-snp"],
    version: 1,
  }),
  "weak.yaml": WEAK,
  "wrong.yaml": WRONG,
  "broken.yaml": "version: [1\n",
  "-": WEAK,
};

const run = (line: string, width = 80): Promise<Ran> =>
  runCli(line.split(" "), { files, width, now: new Date("2026-11-21T12:00:00Z") });

/** Whole answers, as a person sees them at 80 columns. `UPDATE_GOLDEN=1` writes them anew. */
const GOLDEN: Readonly<Record<string, string>> = {
  "policy_explain": "policy explain weak.yaml",
  "policy_lint": "policy lint weak.yaml",
  "policy_lint_errors": "policy lint wrong.yaml",
  "policy_diff": "policy diff plain.yaml weak.yaml",
  "policy_new": "policy new azure-sev-snp",
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

const EXITS: readonly (readonly [string, number])[] = [
  ["policy lint plain.yaml", 0],
  ["policy lint plain.yaml --strict", 0],
  ["policy lint weak.yaml", 0],
  ["policy lint weak.yaml --strict", 2],
  ["policy lint wrong.yaml", 2],
  ["policy lint -", 0],
  ["policy lint - --strict", 2],
  ["policy explain", 0],
  ["policy diff weak.yaml", 0],
  ["policy digest plain.yaml", 0],
];

for (const [line, exit] of EXITS) {
  Deno.test(`casemate ${line} ends with ${exit}, in words and in JSON`, async () => {
    const words = await run(line);
    assert.equal(words.exitCode, exit, words.err);
    assert.equal(words.err, "");

    const data = await run(`${line} -o json`);
    assert.equal(data.exitCode, exit);
    assert.equal(JSON.parse(data.out).v, 1);
  });
}

const ERRORS: readonly (readonly [string, string, RegExp])[] = [
  ["policy lint broken.yaml", "policy.syntax", /line 2/],
  ["policy explain wrong.yaml", "policy.unknown_key", /did you mean "debug"/],
  ["policy digest wrong.yaml", "policy.unknown_key", /sev-snp\.debgu/],
  ["policy diff plain.yaml wrong.yaml", "policy.unknown_key", /wrong\.yaml/],
  ["policy diff none.yaml", "input.unreadable", /none\.yaml/],
  ["policy diff - -", "input.conflict", /standard input/],
  ["policy explain --variant azure-snp", "input.unknown", /did you mean azure-sev-snp/],
  ["policy explain weak.yaml --at soon", "input.value", /--at/],
  ["policy new tpm2", "input.unknown", /did you mean tpm/],
  ["policy new azure-snp", "input.unknown", /did you mean azure-sev-snp/],
];

for (const [line, code, says] of ERRORS) {
  Deno.test(`casemate ${line} is refused with ${code}`, async () => {
    const { exitCode, out, err } = await run(line);
    assert.equal(exitCode, 2);
    assert.equal(out, "");
    assert.ok(err.includes(`${code} (exit 2)`), err);
    assert.match(err.replace(/\s+/g, " "), says);
  });
}

Deno.test("casemate policy digest is of the content, not of how it is written", async () => {
  const digest = async (name: string) => (await run(`policy digest ${name}`)).out.trim();
  assert.match(await digest("plain.yaml"), /^[0-9a-f]{64}$/);
  assert.equal(await digest("plain.yaml"), await digest("plain.json"));
  assert.notEqual(await digest("plain.yaml"), await digest("weak.yaml"));
});

Deno.test("casemate policy digest names a policy as results do", async () => {
  const policy = "version: 1\nallowLab: { value: true, until: 2027-01-31 }\n";
  const machine = { files: { ...FILES, "lab.yaml": policy } };
  const verify = toArguments("evidence verify snp @files @nonce --policy lab.yaml -o json");
  const { digests } = JSON.parse((await runCli(verify, machine)).out);
  const { out } = await runCli(["policy", "digest", "lab.yaml"], machine);

  assert.equal(digests.policy, out.trim());
});

Deno.test("casemate policy explain --variant shows every setting, at the moment that is asked for", async () => {
  const ended = async (at: string) => {
    const { out } = await run(`policy explain weak.yaml --variant sev-snp --at ${at} -o json`);
    const { settings } = JSON.parse(out);
    const of = (name: string) =>
      settings.find(({ key }: { readonly key: string }) => key === `sev-snp.${name}`);
    assert.equal(of("maskedChipId").source, "default");
    assert.ok(!settings.some(({ key }: { readonly key: string }) => key.startsWith("tdx.")));
    return [of("debug").source, of("migration").source];
  };
  assert.deepEqual(await ended("2026-01-31"), ["policy", "policy"]);
  assert.deepEqual(await ended("2026-02-01"), ["policy", "ended"]);
  assert.deepEqual(await ended("2027-02-01"), ["ended", "ended"]);
});

Deno.test("casemate policy keeps to narrow terminals", async () => {
  for (const line of Object.values(GOLDEN).filter((one) => !one.includes("new"))) {
    const { out } = await run(line, 60);
    const long = out.split("\n").filter((text) => [...text].length > 60);
    // The digest and an end to copy are not broken.
    assert.deepEqual(long.filter((text) => !/[0-9a-f]{40}/.test(text)), [], line);
  }
});

Deno.test("casemate policy new writes for each variant what lint finds nothing wrong with", async () => {
  for (const { id } of technologies) {
    const { out } = await run(`policy new ${id}`);
    const linted = await runCli(["policy", "lint", "new.yaml", "--strict"], {
      files: { "new.yaml": out },
    });
    assert.equal(linted.exitCode, 0, linted.out);
  }
});

Deno.test("docs/policy.md has policies that are read, and every remark of lint", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/policy.md", import.meta.url));
  const blocks = [...page.matchAll(/^```yaml\n([^`]+)```$/gm)].map(([, block = ""]) => block);
  assert.equal(blocks.length, 2);
  for (const block of blocks) {
    const { exitCode, out } = await runCli(["policy", "explain", "-"], { files: { "-": block } });
    assert.equal(exitCode, 0, out);
    assert.match(out, /^! /, "a block shows a weaker setting");
  }
  const sources = await Promise.all(
    ["lint", "lint_admission"].map((name) =>
      Deno.readTextFile(new URL(`../../src/policy/${name}.ts`, import.meta.url))
    ),
  );
  const codes = [...sources.join("").matchAll(/"([a-z]+(?:-[a-z]+)+)"/g)].map(([, code]) => code);
  assert.ok(codes.length >= 9, codes.join());
  for (const code of codes) assert.ok(page.includes(`| \`${code}\``), `${code} is explained`);
});
