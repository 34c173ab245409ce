/**
 * Test support: asks OpenSSL, which knows nothing of this project's code.
 * Holds no tests of its own.
 *
 * @module
 */

/** What OpenSSL answered. */
export interface Answer {
  readonly ok: boolean;
  readonly stdout: Uint8Array<ArrayBuffer>;
  /** Standard output and error as one text. */
  readonly text: string;
}

/** Whether there is an OpenSSL to ask; said once where there is none. */
export const noOpenssl: boolean = await isAbsent();

async function isAbsent(): Promise<boolean> {
  try {
    await new Deno.Command("openssl", { args: ["version"], stdout: "null" }).output();
    return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn("ignored: tests that ask openssl, which is not on this machine");
    return true;
  }
}

/**
 * Runs OpenSSL in a folder of its own.
 *
 * @param args Arguments; files are named bare.
 * @param files Contents by name.
 */
export async function openssl(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Answer> {
  const cwd = await Deno.makeTempDir({ prefix: "casemate-lab-" });
  try {
    for (const [name, contents] of Object.entries(files)) {
      const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
      await Deno.writeFile(`${cwd}/${name}`, bytes);
    }
    const { success, stdout, stderr } = await new Deno.Command("openssl", { args: [...args], cwd })
      .output();
    const decoder = new TextDecoder();
    return { ok: success, stdout, text: decoder.decode(stdout) + decoder.decode(stderr) };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}
