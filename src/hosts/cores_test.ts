/** What crashes leaves its memory in a file, unless that is withheld. */

import { deepEqual, equal } from "node:assert/strict";

const CORES = new URL("./cores.ts", import.meta.url).href;

/** Crashes in a folder, where cores of any size are allowed. */
async function crash(folder: string, before: string): Promise<readonly string[]> {
  const program = `${before}; Deno.kill(Deno.pid, "SIGABRT")`;
  const { signal } = await new Deno.Command("sh", {
    args: ["-c", 'ulimit -c unlimited && exec "$@"', "sh", Deno.execPath(), "eval", program],
    ...{ cwd: folder, stdin: "null", stdout: "null", stderr: "null" },
  }).output();
  equal(signal, "SIGABRT");
  const left = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return left.filter((name) => name.startsWith("core"));
}

/** Where the kernel writes cores elsewhere, or hands them to a program, or may not write any, none can be seen here. */
async function writesHere(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const allowed = await new Deno.Command("sh", { args: ["-c", "ulimit -c unlimited"] }).output();
  if (!allowed.success) return false;
  return /^[^/|]/.test(await Deno.readTextFile("/proc/sys/kernel/core_pattern"));
}

Deno.test({
  name: "withholdCores() leaves no file of a process that crashes",
  ignore: !await writesHere(),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const withheld =
        `import { withholdCores } from "${CORES}"; if (!withholdCores()) Deno.exit(1)`;
      deepEqual(await crash(folder, withheld), []);
      equal((await crash(folder, "0")).length, 1, "so this finds none whatever happens");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
