/**
 * A TLS server of an attacker, which keeps every byte that it is sent.
 *
 * @module
 */

import { pemOf } from "../../../src/hosts/channel/identity.ts";
import { channelClients } from "../../../src/hosts/channel/client.ts";
import { makeLeaf } from "../../../src/channel/leaf.ts";
import type { Leaf } from "../../../src/channel/leaf.ts";
import type { ChannelAnswer, ChannelRequest } from "../../../src/core/node_ports.ts";
import { RANDOM } from "./owner.ts";

/** Answers a request. */
export type Handle = (request: ChannelRequest) => Promise<ChannelAnswer>;

/** A server that listens. */
export interface Tap extends AsyncDisposable {
  /** Where. */
  readonly url: string;
  /** All that it was sent, as text: what is secret in it is sealed. */
  heard(): string;
  /** Paths that it was asked for, in order. */
  asked(): readonly string[];
}

/**
 * Listens.
 *
 * @param leaf The certificate that it shows.
 * @param handle Answers.
 */
export function listen(leaf: Leaf, handle: Handle): Tap {
  const heard: string[] = [];
  const paths: string[] = [];
  const inner = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    paths.push(new URL(request.url).pathname);
    return answered(request, leaf, handle);
  });
  const outer = Deno.listenTls({
    hostname: "127.0.0.1",
    port: 0,
    cert: pemOf("CERTIFICATE", leaf.certificate),
    key: pemOf("PRIVATE KEY", leaf.key),
    alpnProtocols: ["http/1.1"],
  });
  const carrying = carryAll(outer, inner.addr.port, (bytes) => {
    heard.push(new TextDecoder().decode(bytes));
  });
  return {
    url: `https://127.0.0.1:${outer.addr.port}`,
    heard: () => heard.join(""),
    asked: () => paths,
    async [Symbol.asyncDispose]() {
      outer.close();
      await carrying;
      await inner.shutdown();
    },
  };
}

/**
 * Stands before a server: passes on what it is asked, and answers what it is answered.
 *
 * @param target Where the server answers.
 * @param change Changes an answer.
 */
export async function standBefore(
  target: string,
  change: (path: string, answer: ChannelAnswer, leaf: Leaf) => ChannelAnswer = (_, same) => same,
): Promise<Tap> {
  const leaf = await makeLeaf({ random: RANDOM, hosts: [] });
  return listen(leaf, async ({ method, path, body }) => {
    const asks = method === "GET" ? "GET" : "POST";
    const call = { url: target, path, method: asks, body, leaf: null, timeout: 30_000 } as const;
    return change(path, await channelClients.ask(call), leaf);
  });
}

async function answered(
  request: Request,
  { certificate }: Leaf,
  handle: Handle,
): Promise<Response> {
  const { status, type, body } = await handle({
    method: request.method,
    path: new URL(request.url).pathname,
    body: new Uint8Array(await request.arrayBuffer()),
    source: "127.0.0.1",
    leaf: certificate,
  });
  const headers = { "content-type": type };
  return new Response(status === 204 ? null : new Uint8Array(body), { status, headers });
}

async function carryAll(
  outer: Deno.TlsListener,
  port: number,
  hear: (bytes: Uint8Array) => void,
): Promise<void> {
  const all: Promise<void>[] = [];
  for await (const connection of outer) all.push(carry(connection, port, hear));
  await Promise.all(all);
}

async function carry(
  connection: Deno.TlsConn,
  port: number,
  hear: (bytes: Uint8Array) => void,
): Promise<void> {
  const inner = await Deno.connect({ hostname: "127.0.0.1", port });
  const keep = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(bytes, to) {
      hear(bytes);
      to.enqueue(bytes);
    },
  });
  // Whoever looks at the certificate and goes, breaks the connection off.
  const there = connection.readable.pipeThrough(keep).pipeTo(inner.writable).catch(gone);
  const back = inner.readable.pipeTo(connection.writable).catch(gone);
  await Promise.all([there, back]);
}

function gone(error: unknown): void {
  if (error instanceof Error) return;
  throw error;
}
