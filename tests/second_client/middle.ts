/**
 * A man in the middle of a connection: it has a certificate of its own, and
 * passes on what it is asked and answered, or changes the answers.
 *
 * @module
 */

import { createServer, request as ask } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { toBase64url } from "../../src/core/base64url.ts";
import { fromBase64 } from "../../src/core/bytes.ts";
import { output } from "../../scripts/process.ts";

/** How it changes answers to `/v1/attest`. */
export type Change = "nothing" | "own-leaf" | "first-again";

/** One that listens. */
export interface Middle {
  /** Where it answers. */
  readonly url: string;
  /** Paths that it was asked for. */
  readonly asked: readonly string[];
  /** Ends it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Stands before a server.
 *
 * @param target Where the server answers.
 * @param folder Where its key may lie.
 * @param change How it changes answers.
 */
export async function standBefore(
  target: string,
  folder: string,
  change: Change = "nothing",
): Promise<Middle> {
  const [key, cert] = await keyIn(folder);
  const asked: string[] = [];
  const changed = changes(change, cert);
  const server = createServer({ key, cert }, (incoming, answer) => {
    asked.push(incoming.url ?? "");
    pass(target, incoming, answer, incoming.url === "/v1/attest" ? changed : (text) => text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It listens nowhere");
  return {
    url: `https://127.0.0.1:${address.port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
  };
}

function changes(change: Change, cert: string): (text: string) => string {
  const leaf = toBase64url(fromBase64(cert.replace(/-----[A-Z ]+-----|\s/g, "")));
  let first: string | undefined;
  return (text) => {
    first ??= text;
    if (change === "first-again") return first;
    return change === "own-leaf" ? JSON.stringify({ ...JSON.parse(text), tlsLeaf: leaf }) : text;
  };
}

async function keyIn(folder: string): Promise<readonly [string, string]> {
  const [key, cert] = [`${folder}/middle.key`, `${folder}/middle.pem`];
  await output("openssl", [
    ...["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ...["-subj", "/CN=middle", "-days", "1", "-keyout", key, "-out", cert],
  ]);
  return [await Deno.readTextFile(key), await Deno.readTextFile(cert)];
}

function pass(
  target: string,
  incoming: IncomingMessage,
  answer: ServerResponse,
  changed: (text: string) => string,
): void {
  const { method, url, headers } = incoming;
  const options = { method, headers, rejectUnauthorized: false, agent: false } as const;
  const outgoing = ask(new URL(url ?? "/", target), options, async (got) => {
    got.setEncoding("utf-8");
    let text = "";
    for await (const part of got) text += part;
    const type = got.headers["content-type"] ?? "";
    answer.writeHead(got.statusCode ?? 502, { "content-type": type });
    answer.end(changed(text));
  });
  outgoing.on("error", () => answer.destroy());
  incoming.pipe(outgoing);
}
