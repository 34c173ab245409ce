/**
 * OpenSSL as a server, which shows a certificate whose key it need not hold.
 *
 * @module
 */

import { pemOf } from "../../src/hosts/channel/identity.ts";

/** A server that runs until it is let go of. */
export interface SServer extends AsyncDisposable {
  /** Port. */
  readonly port: number;
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
  while (!/ACCEPT 127\.0\.0\.1:(\d+)\n/.test(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`openssl s_server ended: ${text}`);
    text += value;
  }
  const port = Number(/ACCEPT 127\.0\.0\.1:(\d+)\n/.exec(text)?.[1]);
  let ended: Promise<string> | undefined;
  const end = async (): Promise<string> => {
    child.kill();
    await child.stdin.close();
    let rest = "";
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value;
    await child.status;
    await Deno.remove(folder, { recursive: true });
    return /POST[\s\S]*/.exec(rest)?.[0] ?? "";
  };
  const once = (): Promise<string> => ended ??= end();
  return { port, heard: once, [Symbol.asyncDispose]: async () => void await once() };
}
