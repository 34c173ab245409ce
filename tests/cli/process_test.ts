import { fromFileUrl } from "../../scripts/process.ts";
import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { FILES, minted, toArguments } from "./evidence_files.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const root = Deno.uid() === 0;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface RunWith {
  readonly input?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program as a user does, in a folder that holds the test evidence. */
async function casemate(folder: string, line: string, { input, env }: RunWith = {}): Promise<Ran> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MAIN, ...toArguments(line)],
    cwd: folder,
    env: { NO_COLOR: "", ...env },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(input);
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

async function withEvidence(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(FILES)) {
      if (name.includes("/") || content instanceof Error) continue;
      await Deno.writeFile(
        `${folder}/${name}`,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    await Deno.mkdir(`${folder}/folder`);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("casemate as a process verifies files and standard input, and ends with the verdict's code", () =>
  withEvidence(async (folder) => {
    // The evidence is of noon of its day, which may lie behind or ahead.
    const at = "--at 2026-11-21T12:00:00Z";
    const files = await casemate(folder, `evidence verify snp @files @pin ${at}`);
    const piped = await casemate(folder, `evidence verify snp --report - @rest @pin ${at}`, {
      input: minted.report,
    });
    const quote = await casemate(folder, `evidence verify tdx @td @pins ${at}`);
    const pcrs = await casemate(folder, `evidence verify tpm @quote @log @cert @registers ${at}`);
    const refused = await casemate(
      folder,
      `evidence verify snp --report bent.bin @rest @pin ${at} -o json`,
    );

    assert.deepEqual([files.code, files.err], [0, ""]);
    assert.match(files.out, /^LAB-TRUSTED\n/);
    assert.deepEqual([piped.code, piped.out], [0, files.out]);
    assert.deepEqual([quote.code, quote.err], [0, ""]);
    assert.match(quote.out, /^LAB-TRUSTED\n/);
    assert.deepEqual([pcrs.code, pcrs.err], [0, ""]);
    assert.match(pcrs.out, /^LAB-TRUSTED\n/);
    assert.deepEqual([refused.code, JSON.parse(refused.out).verdict], [3, "rejected"]);
  }));

Deno.test("casemate as a process tells unreadable files apart", () =>
  withEvidence(async (folder) => {
    await Deno.chmod(`${folder}/notes.txt`, 0);
    const lines: readonly (readonly [string, RegExp, boolean])[] = [
      ["evidence show nowhere", /Cannot read nowhere: it does not exist/, true],
      ["evidence show folder", /Cannot read folder: it is a folder/, true],
      [
        "evidence show leaf.pem/x",
        /Cannot read leaf\.pem\/x: a part of the path is not a folder/,
        true,
      ],
      ["evidence show huge.bin", /Cannot read huge\.bin: it has more than 4194304 bytes/, true],
      ["evidence show /dev/zero", /Cannot read \/dev\/zero: it has more than 33554432 bytes/, true],
      // Root reads everything.
      ["evidence show notes.txt", /Cannot read notes\.txt: permission denied/, !root],
    ];
    for (const [line, sentence, tried] of lines) {
      if (!tried) continue;
      const { code, out, err } = await casemate(folder, line);
      assert.deepEqual([code, out], [2, ""], line);
      assert.match(err, sentence);
      assert.doesNotMatch(err, /\bat .*:\d+/, "a stack trace");
    }
  }));

Deno.test("casemate as a process overwrites nothing, and keeps the lab's keys for their owner", () =>
  withEvidence(async (folder) => {
    const minting = await casemate(folder, "lab mint snp --out new @nonce");
    const again = await casemate(folder, "lab mint snp --out new @nonce");

    assert.equal(minting.code, 0, minting.err);
    assert.equal(((await Deno.stat(`${folder}/new/lab-authority.json`)).mode ?? 0) & 0o777, 0o600);
    assert.equal(again.code, 2);
    assert.match(again.err, /it exists already, and nothing is\s+overwritten/);
  }));

Deno.test("casemate as a process writes no colour to a pipe, and stays quiet when its reader leaves", () =>
  withEvidence(async (folder) => {
    const { out } = await casemate(folder, "codes");
    assert.ok(!out.includes("\x1b"));

    const pipe = new Deno.Command("sh", {
      args: [
        "-c",
        `"$0" run -A --quiet "$1" codes -o json | head -c 1; true`,
        Deno.execPath(),
        MAIN,
      ],
      stdout: "piped",
      stderr: "piped",
    });
    assert.equal(new TextDecoder().decode((await pipe.output()).stderr), "");
  }));

Deno.test("casemate as a process knows its version", async () => {
  const { out } = await casemate(".", "version -o json");

  assert.deepEqual(JSON.parse(out), {
    v: 1,
    version: config.version,
    build: "dev build",
    runtime: `deno ${Deno.version.deno}`,
  });
});

Deno.test("casemate as a process asks for no permission to print help", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-env", "--no-prompt", "--quiet", MAIN, "--help"],
    stdout: "piped",
    stderr: "piped",
  }).output();

  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.match(new TextDecoder().decode(stdout), /Usage: casemate/);
});
