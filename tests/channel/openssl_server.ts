/**
 * OpenSSL as a server, which shows a certificate whose key it need not hold.
 *
 * @module
 */

import { pemOf } from "../../src/hosts/channel/identity.ts";

/** What it shows when it listens. */
const ACCEPT = /ACCEPT 127\.0\.0\.1:(\d+)\n/;

/** A server that runs until it is let go of. */
export interface SServer extends AsyncDisposable {
  /** Port. */
  readonly port: number;
  /**
   * Waits for a request, and answers it.
   *
   * @param text The answer; `s_server` takes some first letters of a line as its own commands, not `H`.
   */
  answer(text: string): Promise<void>;
  /** Ends it; what was sent to it inside of TLS. */
  heard(): Promise<string>;
}

/**
 * Runs `openssl s_server`, TLS 1.3 alone.
 *
 * @param certificate The certificate, DER.
 * @param key A private key, PKCS #8.
 */
export async function sServer(certificate: Uint8Array, key: Uint8Array): Promise<SServer> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-channel-" });
  await Deno.writeTextFile(`${folder}/leaf.pem`, pemOf("CERTIFICATE", certificate));
  await Deno.writeTextFile(`${folder}/key.pem`, pemOf("PRIVATE KEY", key));
  const child = new Deno.Command("openssl", {
    args: ["s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-naccept", "9"]
      .concat(["-cert", "leaf.pem", "-key", "key.pem"]),
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const until = async (shown: RegExp): Promise<void> => {
    while (!shown.test(text)) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`openssl s_server ended: ${text}`);
      text += value;
    }
  };
  await until(ACCEPT);
  const port = Number(ACCEPT.exec(text)?.[1]);
  const stdin = child.stdin.getWriter();
  const answer = async (said: string): Promise<void> => {
    await until(/POST .*\r\n/);
    await stdin.write(new TextEncoder().encode(said));
  };
  let ended: Promise<string> | undefined;
  const end = async (): Promise<string> => {
    child.kill();
    await stdin.close();
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    await child.status;
    await Deno.remove(folder, { recursive: true });
    return /POST[\s\S]*/.exec(text)?.[0] ?? "";
  };
  const once = (): Promise<string> => ended ??= end();
  return { port, answer, heard: once, [Symbol.asyncDispose]: async () => void await once() };
}
