/**
 * Test support: asks tpm2-tools, with a TPM in software where it takes one.
 * Both know nothing of this project's code. Holds no tests of its own.
 *
 * @module
 */

/** Whether there are no tpm2-tools to ask; said once where there are none. */
export const noTpm2Tools: boolean = await isAbsent("tpm2_print", "--version");

/** Whether there is no TPM in software. */
export const noSwtpm: boolean = noTpm2Tools || await isAbsent("swtpm", "--version");

async function isAbsent(program: string, flag: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: [flag], stdout: "null", stderr: "null" }).output();
    return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`ignored: tests that ask ${program}, which is not on this machine`);
    return true;
  }
}

/** What a program answered. */
export interface ToolAnswer {
  readonly ok: boolean;
  readonly text: string;
}

/** A folder with files, in which programs run. */
export interface Bench {
  /** Writes a file. */
  readonly write: (name: string, contents: Uint8Array | string) => Promise<void>;
  /** Reads a file. */
  readonly read: (name: string) => Promise<Uint8Array>;
  /** Runs a program. */
  readonly run: (program: string, ...args: readonly string[]) => Promise<ToolAnswer>;
}

/**
 * Does something in a folder of its own.
 *
 * @param work What is done.
 * @param env What the programs find in their environment.
 */
export async function onBench<T>(
  work: (bench: Bench) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  const cwd = await Deno.makeTempDir({ prefix: "casemate-lab-" });
  const bench: Bench = {
    write: (name, contents) =>
      typeof contents === "string"
        ? Deno.writeTextFile(`${cwd}/${name}`, contents)
        : Deno.writeFile(`${cwd}/${name}`, contents),
    read: (name) => Deno.readFile(`${cwd}/${name}`),
    run: async (program, ...args) => {
      const command = new Deno.Command(program, { args: [...args], cwd, env });
      const { success, stdout, stderr } = await command.output();
      const decoder = new TextDecoder();
      return { ok: success, text: decoder.decode(stdout) + decoder.decode(stderr) };
    },
  };
  try {
    return await work(bench);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/**
 * Does something with a TPM in software, which is started for it.
 *
 * @param work What is done.
 */
export async function withSwtpm<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
  const state = await Deno.makeTempDir({ prefix: "casemate-swtpm-" });
  const swtpm = new Deno.Command("swtpm", {
    args: [
      ...[
        "socket",
        "--tpm2",
        "--tpmstate",
        `dir=${state}`,
        "--flags",
        "not-need-init,startup-clear",
      ],
      ...["--server", `type=unixio,path=${state}/sock`],
      ...["--ctrl", `type=unixio,path=${state}/sock.ctrl`],
    ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await appears(`${state}/sock`);
    return await onBench(work, { TPM2TOOLS_TCTI: `swtpm:path=${state}/sock` });
  } finally {
    swtpm.kill();
    await swtpm.status;
    await Deno.remove(state, { recursive: true });
  }
}

/** Waits until a file is there. */
async function appears(path: string): Promise<void> {
  for (let waited = 0; waited < 5000; waited += 20) {
    const found = await Deno.stat(path).then(() => true, (error) => {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    });
    if (found) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`swtpm did not open ${path}`);
}
