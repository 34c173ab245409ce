/**
 * Asking an etcd, on Deno and Node: TLS under the given authorities alone, the
 * client's certificate, connections kept for the next call. Certificate and key
 * come from memory.
 *
 * @module
 */

import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { concat } from "../../core/bytes.ts";
import { UnavailableError } from "../../core/errors.ts";
import type { EtcdAnswer, EtcdCall, EtcdHttp } from "../../core/node_ports.ts";
import { WITHOUT_PROXY } from "../one_connection.ts";

/** Certificates and key, PEM. */
export interface EtcdCertificates {
  /** What etcd's certificate must be under; no other authority is believed. */
  readonly authorities: string;
  /** The client's certificate. */
  readonly certificate: string;
  /** Its private key. */
  readonly key: string;
}

/** Most bytes of an answer. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Connections to one member. */
const MAX_CONNECTIONS = 8;

/**
 * Opens a client.
 *
 * @param certificates Certificates and key.
 */
export function openEtcdHttp({ authorities, certificate, key }: EtcdCertificates): EtcdHttp {
  const agent = new Agent({
    ca: authorities,
    cert: certificate,
    key,
    ...WITHOUT_PROXY,
    keepAlive: true,
    maxSockets: MAX_CONNECTIONS,
    minVersion: "TLSv1.2",
  });
  return { post: (call) => post(agent, call), close: () => agent.destroy() };
}

function post(agent: Agent, { url, body, token, timeout }: EtcdCall): Promise<EtcdAnswer> {
  return new Promise((resolve, reject) => {
    let sent: "no" | "maybe" = "no";
    const headers = {
      "content-type": "application/json",
      "content-length": String(body.length),
      ...(token === null ? {} : { authorization: token }),
    };
    const call = request(url, { agent, method: "POST", headers }, (answer) => {
      readAnswer(answer).then(finish(resolve), finish(fail));
    });
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeout} ms`)), timeout);
    function finish<T>(then: (value: T) => void): (value: T) => void {
      return (value) => {
        clearTimeout(timer);
        then(value);
      };
    }
    function fail(cause: unknown): void {
      call.destroy();
      reject(unreachable(url, cause, sent));
    }
    call.on("error", finish(fail));
    call.on("socket", (socket: TLSSocket) => {
      if (call.reusedSocket || !socket.connecting) sent = "maybe";
      else socket.once("secureConnect", () => sent = "maybe");
      // Deno sends again what broke off on a kept connection, also what was given up here (denoland/deno#36786):
      // a change would be asked for twice, and whoever waits would wait for the second answer.
      call.reusedSocket = false;
    });
    call.end(body);
  });
}

async function readAnswer(answer: IncomingMessage): Promise<EtcdAnswer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer) {
    if (!(part instanceof Uint8Array)) throw new Error("its answer is no bytes");
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw new Error(`more than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return { status: answer.statusCode ?? 0, body: concat(...parts) };
}

function unreachable(url: string, cause: unknown, sent: "no" | "maybe"): UnavailableError {
  const { origin } = new URL(url);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UnavailableError(`Cannot reach the store at ${origin}: ${reason}`, {
    code: "store.unreachable",
    fields: { address: origin, reason, sent },
    retryable: true,
    cause,
  });
}
