import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { runCli } from "../../tests/cli/fake_host.ts";

Deno.test("casemate version --notices gives each work, each licence, and that of the program", async () => {
  const { exitCode, out, err } = await runCli(["version", "--notices"]);

  assert.deepEqual([exitCode, err], [0, ""]);
  for (const name of ["commander", "yaml", "@hpke/core"] as const) {
    const version = config.imports[name].replace(/^.*@/, "");
    assert.ok(out.includes(`${name} ${version}`), name);
  }
  assert.match(out, /The above copyright notice and this permission notice shall be included/);
  assert.match(out, /\nApache License 2\.0\n-+\n[^]+END OF TERMS AND CONDITIONS/);
});

Deno.test("casemate version --notices -o json has them as one text beside the version", async () => {
  const [text, json, plain] = await Promise.all(
    [["--notices"], ["--notices", "-o", "json"], ["-o", "json"]].map((flags) =>
      runCli(["version", ...flags])
    ),
  );

  const { notices, ...rest } = JSON.parse(json?.out ?? "");
  assert.equal(notices, text?.out);
  assert.deepEqual(rest, JSON.parse(plain?.out ?? ""));
});
