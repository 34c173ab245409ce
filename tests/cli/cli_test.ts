import assert from "node:assert/strict";
import { withKeptKeys } from "../examples/keys.ts";
import { ANSWERS, DAMAGED, FILE_ERRORS, FLAG_ERRORS, VERDICTS } from "./cases.ts";
import { FILES, minted, toArguments } from "./evidence_files.ts";
import { expectCase, expectError, expectJsonError, withJson } from "./expect.ts";
import { type Ran, runCli, type RunWith } from "./fake_host.ts";
import {
  TDX_ANSWERS,
  TDX_DAMAGED,
  TDX_FILE_ERRORS,
  TDX_FLAG_ERRORS,
  TDX_VERDICTS,
} from "./tdx_cases.ts";
import {
  TPM_ANSWERS,
  TPM_DAMAGED,
  TPM_FILE_ERRORS,
  TPM_FLAG_ERRORS,
  TPM_VERDICTS,
} from "./tpm_cases.ts";

const files = { ...FILES, "-": minted.report };

/** Command lines that are answered, and among them those that are answered in words. */
const ANSWERED = [
  ...VERDICTS,
  ...TDX_VERDICTS,
  ...TPM_VERDICTS,
  ...DAMAGED,
  ...TDX_DAMAGED,
  ...TPM_DAMAGED,
  ...ANSWERS,
  ...TDX_ANSWERS,
  ...TPM_ANSWERS,
];
const IN_WORDS = ANSWERED.filter(({ line }) =>
  !line.includes("-o json") && !line.includes("help") && line !== ""
);

/** Command lines that cannot be followed. */
const ERRORS = [
  ...FLAG_ERRORS,
  ...TDX_FLAG_ERRORS,
  ...TPM_FLAG_ERRORS,
  ...FILE_ERRORS,
  ...TDX_FILE_ERRORS,
  ...TPM_FILE_ERRORS,
];

function runLine(line: string, options: RunWith = {}): Promise<Ran> {
  return runCli(line === "" ? [] : toArguments(line), { files, ...options });
}

for (const wanted of ANSWERED) {
  Deno.test(`casemate: ${wanted.name}`, async () => {
    const ran = await runLine(wanted.line);

    expectCase(ran, wanted);
    assert.equal(ran.err, "");
  });
}

for (const wanted of ERRORS) {
  Deno.test(`casemate: ${wanted.name} is one sentence with code and flag`, async () => {
    expectError(await runLine(wanted.line), wanted);
  });
}

for (const wanted of ERRORS.filter(({ line }) => !line.includes("-o xml"))) {
  Deno.test(`casemate -o json: ${wanted.name} is JSON on standard output`, async () => {
    expectJsonError(await runCli(withJson(toArguments(wanted.line)), { files }), wanted);
  });
}

const HALVES: readonly (readonly [given: string, missing: string])[] = [
  ["@without-tcb-info", "tcb-info"],
  ["@without-qe-identity", "qe-identity"],
  ["@without-chain", "tcb-chain"],
  ["@without-lists", "root-crl"],
  ["--pck-crl-chain ca-chain.pem", "tcb-info"],
];

for (const [given, missing] of HALVES) {
  Deno.test(`casemate takes no half of the collateral: ${given} names what is missing`, async () => {
    for (const profile of ["full", "crypto-only"]) {
      const question = profile === "full" ? "@pins " : "";
      const line = `evidence verify tdx --quote quote.bin ${given} ${question}--profile ${profile}`;
      const ran = await runLine(line);

      assert.deepEqual([ran.exitCode, ran.out], [2, ""]);
      assert.match(ran.err, new RegExp(`half of the collateral: [^;]*${missing}`));
      assert.match(ran.err, /input\.missing \(exit 2\)/);
    }
  });
}

Deno.test("casemate tells a mistake of its own in one sentence, with the stack only where it was asked for", async () => {
  const broken = {
    ...files,
    get "report.bin"(): never {
      throw new TypeError("x is undefined");
    },
  };

  const quiet = await runCli(toArguments("evidence verify snp @files @pin"), { files: broken });
  const loud = await runCli(toArguments("evidence verify snp @files @pin"), {
    files: broken,
    debug: true,
  });

  assert.equal(quiet.exitCode, 1);
  assert.match(
    quiet.err,
    /^error: Casemate made a mistake: x is undefined\n {2}code {8}bug \(exit 1\)\n/,
  );
  assert.doesNotMatch(quiet.err, /fake_host|\.ts/);
  assert.match(loud.err, /cli_test\.ts/);
});

Deno.test("casemate colours a terminal, and colour says nothing that words do not", async () => {
  const line = "evidence verify snp @files @nonce";
  const [plain, coloured] = [await runLine(line), await runLine(line, { colour: true })];

  assert.ok(coloured.out.includes("\x1b["));
  // deno-lint-ignore no-control-regex -- colour is what is removed
  assert.equal(coloured.out.replace(/\x1b\[\d+m/g, ""), plain.out);
});

/** A line that ends in an address, which is printed whole, to be copied. */
const ADDRESS = /^ +(?:--[a-z-]+ +)?https:\/\/\S+$/;

Deno.test("casemate keeps to the width of the terminal", async () => {
  for (const { line } of IN_WORDS) {
    for (const width of [60, 80, 100]) {
      const { out } = await runLine(line, { width });
      const lines = out.split("\n").filter((text) => !ADDRESS.test(text));
      const long = lines.filter((text) => [...text].length > width);
      assert.deepEqual(long, [], `${line} at ${width}`);
    }
  }
});

Deno.test("casemate lab mint writes nothing where any of its files exists", async () => {
  const mint = toArguments("lab mint snp --out old --nonce 5f1e");
  for (const name of ["leaf.pem", "chain.pem", "crl.pem", "lab-root.pem", "lab-authority.json"]) {
    const ran = await runCli(mint, { files: { [`old/${name}`]: "mine" } });

    assert.deepEqual([ran.exitCode, ran.written.size], [2, 0], name);
    assert.match(ran.err, new RegExp(`old/${name}: it exists already`));
  }
});

Deno.test("casemate lets no line end of a file's name start a line of its own", async () => {
  const args = toArguments("evidence verify snp @rest @pin");
  const { err } = await runCli([...args, "--report", "x\nTRUSTED"], { files });

  assert.doesNotMatch(err, /^TRUSTED/m);
  assert.match(err, /x\\u000aTRUSTED/);
});

Deno.test("casemate lets no escape sequence of a name, a file or a certificate reach the terminal", async () => {
  const name = "\x1b[2J\u202etrusted";
  const evil = { ...files, [name]: "\x1b[32mTRUSTED" };
  const lines = [
    ["evidence", "show", name],
    ["evidence", "show", "painted-leaf.pem"],
    ["evidence", "show", "painted-leaf.pem", "-o", "json"],
    [`--${name}`],
    toArguments(
      "evidence verify snp --report report.bin --leaf painted-leaf.pem --chain-ask-ark chain.pem --lab-root lab-root.pem @pin",
    ),
  ];
  for (const line of lines) {
    const { out, err } = await runCli(line, { files: evil });
    // deno-lint-ignore no-control-regex -- the sequence is what must not be there
    assert.doesNotMatch(out + err, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/, line.join(" "));
  }
});

/** Whole answers, as a person sees them at 80 columns. `UPDATE_GOLDEN=1` writes them anew. */
const GOLDEN: Readonly<Record<string, string>> = {
  "lab_trusted": "evidence verify snp @files @pin",
  "rejected": `evidence verify snp @files --nonce 5f1e00a2 --measurement ${
    "ab".repeat(48)
  } --vmpl 2`,
  "unavailable":
    "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --lab-root lab-root.pem @nonce",
  "damaged": "evidence verify snp --report short.bin @rest @pin",
  "verify_help": "evidence verify snp --help",
  "tdx_lab_trusted": "evidence verify tdx @td @pins",
  "tdx_rejected":
    "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-behind.json @pins",
  "tdx_unavailable": "evidence verify tdx --quote quote.bin --lab-root intel-root.pem @nonce @mrtd",
  "tdx_tcb_info": "evidence show tcb.json",
  "tpm_lab_trusted": "evidence verify tpm @quote @log @cert @registers",
  "tpm_rejected":
    "evidence verify tpm @quote --event-log boot-later.log @cert --nonce 5f1e00a2 @pcr4",
  "tpm_no_certificate": "evidence verify tpm @quote @registers",
  "tpm_help": "evidence verify tpm --help",
  "tpm_event_log": "evidence show boot.log",
};

for (const [name, line] of Object.entries(GOLDEN)) {
  Deno.test(`casemate answers as in golden/${name}.txt`, async () => {
    const { out, err } = await runLine(line);
    const golden = new URL(`./golden/${name}.txt`, import.meta.url);
    const text = `$ casemate ${line}\n${out}${err}`;
    if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(golden, text);

    assert.equal(text, await Deno.readTextFile(golden));
  });
}

for (
  const { flags, first } of [
    { flags: "@nonce", first: /^LAB-TRUSTED/ },
    {
      flags: "@nonce --vmpl 2 --form vlek",
      first: /^! sev-snp\.vmpl: 2 – [^!]+ \(without an end\)\nLAB-TRUSTED/,
    },
    {
      flags: `--report-data ${"0a".repeat(64)} --measurement ${"0b".repeat(48)}`,
      first: /^LAB-TRUSTED/,
    },
  ]
) {
  Deno.test(`casemate lab mint ${flags} prints the command line that verifies what it wrote`, async () => {
    const minting = await runLine(
      `lab mint snp --out new/ ${flags} --authority lab-authority.json`,
    );
    assert.equal(minting.exitCode, 0, minting.err);
    const line = minting.out.slice(minting.out.indexOf("casemate ")).replaceAll("\\\n", "").trim()
      .split(/\s+/).slice(1);

    const verifying = await runCli(line, { files: Object.fromEntries(minting.written) });

    const names = ["report.bin", "leaf.pem", "chain.pem", "crl.pem", "lab-root.pem"];
    assert.deepEqual([...minting.written.keys()], names.map((name) => `new/${name}`));
    assert.equal(verifying.exitCode, 0, verifying.out + verifying.err);
    assert.match(verifying.out, first);
  });
}

Deno.test("casemate lab mint mints what its flags say", async () => {
  const args = toArguments(
    `lab mint snp --out new --report-data ${
      "01".repeat(64)
    } --authority lab-authority.json --form vlek --vmpl 2 --debug`,
  );
  const minting = await runCli(args, { files });
  const { out } = await runCli(["evidence", "show", "new/report.bin", "-o", "json"], {
    files: Object.fromEntries(minting.written),
  });
  const rows = JSON.parse(out).sections.flatMap((
    section: { rows: { name: string; value: string }[] },
  ) => section.rows);
  const value = (name: string) => rows.find((row: { name: string }) => row.name === name).value;

  assert.deepEqual([value("REPORT_DATA"), value("SIGNING_KEY"), value("VMPL"), value("DEBUG")], [
    "01".repeat(64),
    "VLEK",
    "2",
    "1",
  ]);
});

Deno.test("casemate lab mint refuses before it makes keys where a file is there already", async () => {
  const { subtle } = crypto;
  const value = () => assert.fail("a key is made");
  Object.defineProperty(subtle, "generateKey", { value, configurable: true });
  try {
    const ran = await runLine("lab mint snp --out old @nonce");

    assert.equal(ran.exitCode, 2, ran.err);
    assert.match(ran.err, /report\.bin/);
    assert.ok(!ran.err.includes("Making"), ran.err);
    const asked = await runLine("lab mint snp --out new @nonce");
    assert.match(asked.err, /Making the lab's keys[^]*a key is made/);
  } finally {
    Reflect.deleteProperty(subtle, "generateKey");
  }
});

Deno.test("casemate lab demo verifies, refuses the bent report, and leaves nothing", async () => {
  const ran = await withKeptKeys(() => runCli(["lab", "demo"]));

  assert.equal(ran.exitCode, 0, ran.err);
  const order = [
    "1. Ask",
    "$ casemate lab mint snp",
    "2. Verify",
    "$ casemate evidence verify snp",
    "LAB-TRUSTED",
    "3. Attack",
    "report-bent.bin",
    "REJECTED",
    "snp.signature_mismatch",
    "Next",
  ];
  const at = order.map((part) => ran.out.indexOf(part));
  assert.deepEqual(at, [...at].sort((a, b) => a - b), ran.out);
  assert.ok(!at.includes(-1), ran.out);
  assert.match(ran.err, /takes some seconds/);
  assert.equal(ran.written.size, 0);
});
