/**
 * A program that answers each line of its input with one line, both JSON.
 *
 * @module
 */

/** No proxy leads out, should the program ever try. */
const OFFLINE = { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" };

/** The running program. */
export class LineProgram implements AsyncDisposable {
  readonly #path: string;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  /**
   * Starts a program.
   *
   * @param path Where it is.
   * @param args Its arguments.
   */
  constructor(path: string, args: readonly string[] = []) {
    this.#path = path;
    this.#child = new Deno.Command(path, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      env: OFFLINE,
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(splitLines())
      .getReader();
  }

  /**
   * Asks and waits for the answer.
   *
   * @param request What `JSON.stringify` takes.
   * @throws {Error} when the program ended.
   */
  async ask(request: unknown): Promise<unknown> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const { value } = await this.#lines.read();
    if (value === undefined) throw new Error(`${this.#path} ended before it answered`);
    return JSON.parse(value);
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#lines.cancel();
    await this.#child.status;
  }
}

function splitLines(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(chunk, lines) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) lines.enqueue(part);
    },
  });
}
