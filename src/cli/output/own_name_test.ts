import assert from "node:assert/strict";
import { runCli } from "../../../tests/cli/fake_host.ts";
import { createProgram } from "../program.ts";
import { denoHost } from "../../hosts/deno.ts";
import { FIRST_WORDS } from "./own_name.ts";

const TOLD = "From the sources, casemate is typed ./scripts/deno run -A main.ts;\n" +
  "./scripts/deno task compile makes the program itself.\n";

const SOURCES = { isCompiled: false };

Deno.test("whoever runs the sources is told once what stands for the program's name", async () => {
  for (const line of [["lab", "--help"], ["codes", "tpm.nv_not_certificate"], ["codes", "x"]]) {
    const [sources, binary] = [await runCli(line, SOURCES), await runCli(line)];
    assert.deepEqual(sources, { ...binary, err: `${binary.err}\n${TOLD}` }, line.join(" "));
    assert.ok(!binary.err.includes("./scripts"), line.join(" "));
  }
});

Deno.test("nothing is told where no command line was, nor in answers for programs", async () => {
  for (const line of [["version"], ["codes", "input.empty"], ["codes", "x", "-o", "json"]]) {
    assert.ok(!(await runCli(line, SOURCES)).err.includes("./scripts"), line.join(" "));
  }
});

Deno.test("the name is known before every command", async () => {
  const context = { host: denoHost("1.2.3"), finish: () => {} };
  const program = await createProgram(context, () => Promise.resolve(0), []);
  const words = program.commands.map((command) => command.name());
  assert.deepEqual([...FIRST_WORDS].sort(), ["--help", ...words].sort());
});
