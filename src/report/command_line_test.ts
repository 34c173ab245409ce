import assert from "node:assert/strict";
import { commandLine } from "./command_line.ts";

Deno.test("commandLine() quotes for a shell and keeps a flag with its value", async () => {
  const parts = [["printf", "%s|"], ["--file", "it's a $HOME"], ["--hex", "ab".repeat(30)], [
    "",
    "*",
  ]];
  const line = commandLine(parts, 40);
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", line.replace("printf", "printf --")],
    stdout: "piped",
  }).output();

  assert.equal(
    new TextDecoder().decode(stdout),
    parts.flat().slice(2).map((word) => `${word}|`).join(""),
  );
  assert.ok(line.split("\n").every((text) => text.length <= 40 || text.includes("abab")), line);
});

Deno.test("commandLine() keeps the sign that a line goes on within the width", () => {
  const hex = "ab".repeat(32);
  assert.equal(
    commandLine([["casemate", "verify"], ["--cluster-id", hex], ["--nonce", hex]], 80),
    `casemate verify \\\n  --cluster-id \\\n    ${hex} \\\n  --nonce ${hex}`,
  );
});
