/**
 * Command lines about collateral that cannot be followed, and their help.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Command } from "@commander-js/extra-typings";
import { addNeedFlags } from "../../src/cli/collateral/flags.ts";
import { needsOf } from "../../src/cli/collateral/open.ts";
import { givenTo } from "../../src/cli/input/given.ts";
import { machine } from "./collateral_world.ts";
import { expectError, expectJsonError, withJson } from "./expect.ts";

/** Line, code, and what the sentence says. */
const REFUSED: readonly (readonly [line: string, code: string, says: string])[] = [
  ["collateral", "input.missing", "fetch, show, export, import, serve"],
  ["collateral fetch", "input.missing", "give evidence"],
  ["collateral fetch nothing.json", "input.unreadable", "nothing.json"],
  ["collateral fetch leaf.der", "input.wrong_kind", "it is no evidence; it seems to be"],
  ["collateral fetch owner.pub", "input.wrong_kind", "Public key"],
  ["collateral fetch --item x", "collateral.unknown_key", "no vendor has such a thing"],
  ["collateral fetch --item amd-kds/../crl", "collateral.unknown_key", "no vendor"],
  ["collateral fetch report.bin --collateral-url amd=http://m", "input.unknown", "amd-kds"],
  ["collateral fetch report.bin --collateral-url ftp://m", "collateral.base", "https://mirror"],
  [
    "collateral fetch report.bin --collateral-url http://m --collateral-url amd-kds=http://n",
    "input.conflict",
    "amd-kds",
  ],
  ["collateral fetch report.bin --max-age 7", "input.value", "12h or 7d"],
  ["collateral fetch report.bin --timeout 0s", "input.value", "20s or 5m"],
  ["collateral fetch report.bin --timeout 61m", "input.value", "an hour at most"],
  ["collateral fetch report.bin --timeout 20", "input.value", "20s or 5m"],
  ["collateral show amd-kds/x", "input.unknown", "nothing of that key is kept"],
  ["collateral export --key owner.key", "input.missing", "--out"],
  ["collateral export --out x", "input.missing", "--key"],
  ["collateral export --out x --key owner.key --unsigned", "input.conflict", "--unsigned"],
  ["collateral export --out x --key owner.pub", "input.wrong_kind", "Public key"],
  ["collateral export --out x --key owner.key", "input.empty", "collateral fetch"],
  ["collateral import", "input.missing", "FILE"],
  ["@snp --cache x", "input.conflict", "--collateral cache or fetch"],
  ["@snp --collateral-url http://m", "input.conflict", "--collateral cache or fetch"],
  ["@snp --max-age 7d", "input.conflict", "--collateral cache or fetch"],
  ["@snp --timeout 20s", "input.conflict", "--collateral cache or fetch"],
  ["@snp --on-this-machine", "input.conflict", "--collateral cache or fetch"],
  ["@tdx --collateral fetch --tcb-recovery late", "input.value", "standard, early or"],
  ["@snp --collateral all", "input.value", "given or cache or fetch"],
  ["@snp --bundle owner.pub --owner-key owner.pub", "input.wrong_kind", "Public key"],
  ["@snp", "input.missing", "or let it be fetched with --collateral fetch"],
  ["evidence verify tpm", "input.missing", "--tpm-quote-msg"],
];

for (const [line, code, says] of REFUSED) {
  Deno.test(`casemate ${line} is one sentence with code and flag`, async () => {
    const wanted = { name: line, line, exit: 2, err: [code, says] };
    expectError(await machine().run(line), wanted);
    expectJsonError(await machine().run(withJson(line.split(" ")).join(" ")), {
      ...wanted,
      err: [],
      out: [code],
    });
  });
}

Deno.test("casemate hints at fetching only where there is something to fetch", async () => {
  assert.doesNotMatch((await machine().run("evidence verify tpm")).err, /--collateral/);
});

Deno.test("casemate collateral: each command has help with examples, within 80 columns", async () => {
  for (const command of ["fetch", "show", "export", "import", "serve"]) {
    const { exitCode, out } = await machine().run(`collateral ${command} --help`);
    assert.equal(exitCode, 0);
    assert.match(out, new RegExp(`\nExamples:\n[^]*casemate collateral ${command}`));
    assert.deepEqual(out.split("\n").filter((line) => line.length > 80), []);
  }
});

Deno.test("needsOf() says what the flags say, and nothing else", () => {
  const said: readonly (readonly [line: readonly string[], needs: object])[] = [
    [[], {}],
    [["--on-this-machine"], { onThisMachine: true }],
    [["--tcb-recovery", "early"], { tcbRecovery: "early" }],
    [["--tcb-recovery", "17", "--on-this-machine"], { tcbRecovery: 17, onThisMachine: true }],
  ];
  for (const [line, needs] of said) {
    const command = new Command("fetch");
    addNeedFlags(command);
    command.parse([...line], { from: "user" });

    assert.deepEqual(needsOf(givenTo(command)), needs);
  }
});
