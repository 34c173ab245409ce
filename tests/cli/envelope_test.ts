import assert from "node:assert/strict";
import { ENVELOPE_ANSWERS, ENVELOPE_VERDICTS } from "./envelope_cases.ts";
import { ENVELOPE_ERRORS } from "./envelope_errors.ts";
import { ENVELOPE_FILES as files, envelopeArguments } from "./envelope_files.ts";
import { expectCase, expectError, expectJsonError, withJson } from "./expect.ts";
import { type Ran, runCli, type RunWith } from "./fake_host.ts";

function runLine(line: string, options: RunWith = {}): Promise<Ran> {
  return runCli(envelopeArguments(line), { files, ...options });
}

for (const wanted of [...ENVELOPE_VERDICTS, ...ENVELOPE_ANSWERS]) {
  Deno.test(`casemate: ${wanted.name}`, async () => {
    const ran = await runLine(wanted.line);

    expectCase(ran, wanted);
    assert.equal(ran.err, "");
  });
}

for (const wanted of ENVELOPE_ERRORS) {
  Deno.test(`casemate: ${wanted.name} is one sentence with code and flag, in words and in JSON`, async () => {
    expectError(await runLine(wanted.line), wanted);
    expectJsonError(await runCli(withJson(envelopeArguments(wanted.line)), { files }), wanted);
  });
}

Deno.test("casemate explains, shows and verifies envelopes within 40 columns", async () => {
  const lines = [
    "evidence explain",
    "evidence explain azure-trusted-launch",
    "evidence show node.json",
    "evidence show statement.json",
    "evidence verify node.json @asked @terms",
    "evidence verify node.json @nonce @terms",
    "evidence verify no-crl.json @asked @terms",
  ];
  for (const line of lines) {
    const { out, err } = await runLine(line, { width: 40 });
    const long = `${out}${err}`.split("\n").filter((text) => [...text].length > 40);
    assert.deepEqual(long, [], line);
  }
});

Deno.test("casemate lets no escape sequence of an envelope reach the terminal", async () => {
  for (const file of ["evil.json", "evil-member.json", "evil.cmw.json", "evil-statement.json"]) {
    for (
      const line of [`evidence show ${file}`, `evidence verify ${file} @asked @terms`]
    ) {
      for (const json of ["", " -o json"]) {
        const { out, err, exitCode } = await runLine(line + json);
        assert.notEqual(exitCode, 0, line);
        // deno-lint-ignore no-control-regex -- the sequence is what must not be there
        assert.doesNotMatch(out + err, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/, line);
      }
    }
  }
});

/** Whole answers, as a person sees them at 80 columns. `UPDATE_GOLDEN=1` writes them anew. */
const GOLDEN: Readonly<Record<string, string>> = {
  "envelope_lab_trusted": "evidence verify node.json @asked @terms",
  "envelope_rejected": `evidence verify node.json --nonce ${"5f".repeat(32)} --role worker @terms`,
  "envelope_unavailable": "evidence verify no-crl.json @asked @terms",
  "envelope_show": "evidence show node.json",
  "envelope_explain": "evidence explain azure-sev-snp",
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

Deno.test("casemate lab envelope prints command lines that verify and show what it wrote", async () => {
  const minting = await runLine("lab envelope qemu-vtpm --out new/ @nonce");
  assert.equal(minting.exitCode, 0, minting.err);
  assert.match(minting.err, /takes some seconds/);
  const lines = minting.out.replaceAll("\\\n", "").split("\n")
    .filter((line) => line.startsWith("casemate ")).map((line) => line.split(/\s+/).slice(1));
  const began: string[] = [];
  for (const line of lines) {
    const ran = await runCli(line, { files: Object.fromEntries(minting.written) });
    assert.equal(ran.exitCode, 0, ran.out + ran.err);
    began.push(ran.out.split("\n")[0] ?? "");
  }

  assert.deepEqual(began, ["LAB-TRUSTED", "Envelope of qemu-vtpm (not verified)", "LAB-TRUSTED"]);
});

Deno.test("casemate lab envelope writes nothing where any of its files exists", async () => {
  for (const name of ["lab-roots.pem", "reference.json", "pcrs.json", "tpm-quote-msg.bin"]) {
    const ran = await runCli(envelopeArguments("lab envelope qemu-vtpm --out old @nonce"), {
      files: { [`old/${name}`]: "mine" },
    });

    assert.deepEqual([ran.exitCode, ran.written.size], [2, 0], name);
    assert.match(ran.err, new RegExp(`old/${name}: it exists already`));
  }
});
