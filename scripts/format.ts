/**
 * Sets generated TypeScript as `deno fmt` does in this project.
 *
 * @module
 */

/**
 * @param text TypeScript source.
 * @returns The same, formatted.
 */
export async function formatTypeScript(text: string): Promise<string> {
  const fmt = new Deno.Command("deno", {
    args: ["fmt", "--quiet", "--ext", "ts", "-"],
    cwd: new URL("../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = fmt.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout, stderr } = await fmt.output();
  if (!success) throw new Error(`deno fmt: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
