import assert from "node:assert/strict";
import { removeAbandoned, unanswered } from "./npm_tools.ts";

Deno.test("unanswered() knows the words for a registry that does not answer, and for nothing else", () => {
  const silent = [
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNECTIONTIMEOUT",
    "EIDLETIMEOUT",
    "ENETUNREACH",
    "ENOTFOUND",
    "ERESPONSETIMEOUT",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
    "E429",
    "E503",
  ];
  for (const code of silent) {
    assert.equal(unanswered(`npm error code ${code}\nnpm error more\n`), code);
  }
  for (const code of ["E403", "E404", "ETARGET", "EINTEGRITY", "ENOSPC", "EACCES", "EUSAGE"]) {
    assert.equal(unanswered(`npm error code ${code}\n`), null, code);
  }
  assert.equal(unanswered(""), null);
});

Deno.test("removeAbandoned() removes what nobody works on any more, and nothing that is installed", async () => {
  const home = await Deno.makeTempDir({ prefix: "casemate-npm-tools-" });
  try {
    const long = new Date("2026-01-01T00:00:00Z");
    for (const name of ["install-old", "install-new", "vite-8.3.8"]) {
      await Deno.mkdir(`${home}/${name}/node_modules`, { recursive: true });
      if (name !== "install-new") await Deno.utime(`${home}/${name}`, long, long);
    }
    await removeAbandoned(home, long.getTime() + 1);
    const left = (await Array.fromAsync(Deno.readDir(home))).map(({ name }) => name).sort();
    assert.deepEqual(left, ["install-new", "vite-8.3.8"]);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
