import assert from "node:assert/strict";
import { agrees, renewed } from "./compare.ts";
import { fileNameOf, readPage } from "./page.ts";
import { Shell, type World } from "./shell.ts";

const FENCE = "```";

function block(language: string, text: string): string {
  return `${FENCE}${language}\n${text}\n${FENCE}\n`;
}

Deno.test("readPage() ties what is printed to what prints it, and refuses what it does not know", () => {
  const page = [
    "# Page",
    block("sh", "casemate version"),
    block("text", "1.2.3"),
    block("yaml", "# a.yaml\nversion: 1"),
  ].join("\n");
  const [sh, file, ...more] = readPage(page);
  assert.deepEqual([sh?.kind, sh?.code, sh?.prints?.text], ["sh", "casemate version", "1.2.3"]);
  assert.ok(file !== undefined && fileNameOf(file) === "a.yaml" && more.length === 0);
  assert.throws(() => readPage(block("text", "nothing printed this")), SyntaxError);
  assert.throws(() => readPage(block("python", "1")), SyntaxError);
  assert.throws(() => readPage(`${FENCE}sh\nopen`), SyntaxError);
});

Deno.test("agrees() takes keys and times for others of their kind, and nothing else", () => {
  assert.ok(
    agrees(
      "digest 0011223344 at 2026-11-21T12:00:00Z\n",
      "digest aabbccddee at 2027-01-01T00:00:00.000Z",
    ),
  );
  assert.ok(agrees("a\nb\nc\nd\n", "a\n…\nd"));
  assert.ok(agrees("a\nd\n", "a\n…\nd"));
  for (
    const [actual, expected] of [["a\nb", "a"], ["a", "a\nb"], ["a\nb\nc", "b\n…"], [
      "TRUSTED",
      "REJECTED",
    ], ["a", "a\n…\na"]] as const
  ) {
    assert.ok(!agrees(actual, expected), `${actual} is not ${expected}`);
  }
  assert.throws(() => agrees("a", "a\n…\nb\n…"), SyntaxError);
});

Deno.test("renewed() keeps as many lines as there were, and what still holds", () => {
  assert.equal(renewed("a\nb\nc\nd\n", "x\n…\ny"), "a\n…\nd");
  assert.equal(renewed("a\nb\n", "x"), "a\nb");
  assert.equal(renewed("digest 0011223344", "digest 5566778899"), "digest 5566778899");
});

Deno.test("Shell runs what a shell would, and refuses what it does not know", async () => {
  const files = new Map<string, string>();
  const asked: (readonly string[])[] = [];
  const world: World = {
    now: () => new Date(0),
    casemate: (args) => {
      asked.push(args);
      const code = args[0] === "fail" ? 3 : 0;
      return Promise.resolve({ code, out: "out\n", shown: "err\nout\n" });
    },
    read: (path) => Promise.resolve(files.get(path) ?? ""),
    write: (path, text) => Promise.resolve(void files.set(path, text)),
  };
  const shell = new Shell(world);
  const shown = await shell.run(
    'word=$(casemate one)\ncasemate two --x \\\n  "$word" > file\ncat file\ncasemate fail || echo "code $?"',
  );
  assert.deepEqual(asked, [["one"], ["two", "--x", "out"], ["fail"]]);
  assert.equal(shown, "out\nerr\nout\ncode 3\n");
  assert.match(await shell.run("openssl rand -hex 32"), /^[0-9a-f]{64}\n$/);
  for (
    const line of [
      "casemate fail",
      "rm -rf x",
      "casemate a | cat",
      "casemate $never",
      "casemate a; casemate b",
    ]
  ) {
    await assert.rejects(shell.run(line), Error, line);
  }
});
