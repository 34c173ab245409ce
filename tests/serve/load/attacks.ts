/**
 * What clients do that mean no good.
 *
 * @module
 */

import type { ServiceLab } from "../../api/lab.ts";
import { Client, NoAnswer } from "../client.ts";
import { connectTo } from "../connect.ts";
import { latinBytes, sendRaw } from "../raw.ts";
import { answeringQuestion } from "./exchange.ts";

/** How many of each answer came; `cut off` where the connection ended without one. */
export type Came = ReadonlyMap<string, number>;

/** Where and how long. */
export interface Scene {
  /** The service. */
  readonly url: string;
  /** How it is set up. */
  readonly lab: ServiceLab;
  /** Whether the honest clients are done. */
  readonly over: () => boolean;
}

/** One kind of abuse. */
export interface Attack {
  /** What. */
  readonly name: string;
  /** Whether it concerns connections, which belong to `serve`. */
  readonly of: "all" | "connections";
  /** What may come of it. */
  readonly allows: readonly string[];
  /** Does it until the honest clients are done. */
  readonly run: (scene: Scene) => Promise<Came>;
}

const HEAD = "POST /v1/verify HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
const CUT = "cut off";

/** Some at once, each again and again. */
function crowd(
  count: number,
  one: (scene: Scene) => Promise<string>,
): (scene: Scene) => Promise<Came> {
  return async (scene) => {
    const came = new Map<string, number>();
    const again = async (): Promise<void> => {
      do {
        const what = await one(scene);
        came.set(what, (came.get(what) ?? 0) + 1);
      } while (!scene.over());
    };
    await Promise.all(Array.from({ length: count }, again));
    return came;
  };
}

/** Bytes, and what came back. */
function raw(text: string, drip = "", patience = 40_000): (scene: Scene) => Promise<string> {
  const bytes = latinBytes(text);
  return async ({ url }) => {
    const { status, ended } = await sendRaw(url, bytes, { drip, every: 500, patience });
    return status > 0 ? String(status) : ended ? CUT : "kept open";
  };
}

/** Zeros, compressed a thousandfold. */
async function bomb(): Promise<string> {
  const zeros = new Blob([new Uint8Array(64 * 2 ** 20)]).stream();
  const packed = zeros.pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const body = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const coded =
    `content-encoding: gzip\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`;
  return `${HEAD}${coded}${body}`;
}

const BOMB = await bomb();

function withBody(body: string): string {
  return `${HEAD}connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** One nonce, used 50 times at once. */
async function replay({ url, lab }: Scene): Promise<string> {
  const question = await answeringQuestion(lab, url);
  const statuses = await Promise.all(Array.from({ length: 50 }, async () => {
    const client = new Client(url);
    const { status, body } = await client.ask(question);
    client.end();
    return status === 200 ? "200" : `${status} ${JSON.parse(body).code}`;
  }));
  const firsts = statuses.filter((status) => status === "200").length;
  const others = new Set(statuses.filter((status) => status !== "200"));
  return `${firsts} first use, else ${[...others]}`;
}

/** Asks once a second and reads nothing. */
async function readNothing({ url, over }: Scene): Promise<string> {
  const connection = await connectTo(url);
  if (connection === null) return "read nothing";
  const ask = new TextEncoder().encode("GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n");
  while (!over()) {
    const sent = await connection.write(ask).catch(() => 0);
    if (sent === 0) break;
    await new Promise((done) => setTimeout(done, 1000));
  }
  connection.close();
  return "read nothing";
}

/** A connection that is gone while its request is worked on. */
async function goAway({ url, lab }: Scene): Promise<string> {
  const { body = "" } = await answeringQuestion(lab, url);
  await sendRaw(url, withBody(body), { patience: 1 });
  return "gone";
}

async function connectOnly({ url }: Scene): Promise<string> {
  const client = new Client(url);
  try {
    return String((await client.ask({ method: "GET", path: "/healthz" })).status);
  } catch (error) {
    if (error instanceof NoAnswer) return CUT;
    throw error;
  } finally {
    client.end();
  }
}

/** All kinds. */
export const ATTACKS: readonly Attack[] = [
  {
    name: "3,000 silent connections",
    of: "connections",
    allows: [CUT, "408"],
    run: crowd(3000, raw("")),
  },
  {
    name: "3,000 that drip headers",
    of: "connections",
    allows: [CUT, "408"],
    run: crowd(3000, raw(HEAD, "a: b\r\n")),
  },
  {
    name: "1,500 that drip bodies",
    of: "connections",
    allows: [CUT, "408"],
    run: crowd(1500, raw(`${HEAD}content-length: 1000000\r\n\r\n`, "x")),
  },
  {
    name: "what is no HTTP",
    of: "connections",
    allows: ["400"],
    run: crowd(32, raw("\x16\x03\x01\0\0\r\n\r\n")),
  },
  {
    name: "endless headers",
    of: "connections",
    allows: ["431", CUT],
    run: crowd(32, raw(`${HEAD}a: ${"b".repeat(2 ** 20)}`)),
  },
  {
    name: "requests without awaiting answers",
    of: "connections",
    allows: ["200", CUT],
    run: crowd(16, raw("GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n".repeat(500))),
  },
  {
    name: "200 that read nothing",
    of: "connections",
    allows: ["read nothing"],
    run: crowd(200, readNothing),
  },
  {
    name: "bodies of 8 MiB",
    of: "all",
    allows: ["413"],
    run: crowd(8, raw(withBody(" ".repeat(8 * 2 ** 20)))),
  },
  {
    name: "JSON of 100,000 levels",
    of: "all",
    allows: ["400"],
    run: crowd(8, raw(withBody("[".repeat(100_000)))),
  },
  {
    name: "64 MiB of zeros, compressed",
    of: "all",
    allows: ["415"],
    run: crowd(8, raw(BOMB)),
  },
  {
    name: "one nonce 50 times at once",
    of: "all",
    allows: ["1 first use, else 409 api.nonce_used", "1 first use, else 400 api.nonce_used"],
    run: crowd(1, replay),
  },
  {
    name: "clients that go away",
    of: "all",
    allows: ["gone"],
    run: crowd(8, goAway),
  },
  {
    name: "1,000 new connections at once",
    of: "all",
    allows: ["200"],
    run: crowd(1000, connectOnly),
  },
];
