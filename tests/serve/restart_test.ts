/**
 * One process takes the place of another while clients ask.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Client, NoAnswer } from "./client.ts";
import { type Serving, startServe } from "./process.ts";

/** Clients that ask all the time. */
const CLIENTS = 16;

/** What clients saw. */
interface Seen {
  answered: number;
  /** Connections that ended before a byte of the answer: what went into them was taken by nobody. */
  refused: number;
}

async function askUntil(url: string, over: () => boolean, keeps: boolean): Promise<Seen> {
  const client = new Client(url);
  const seen = { answered: 0, refused: 0 };
  while (!over()) {
    try {
      const { status } = await client.ask({ method: "POST", path: "/v1/challenge" });
      assert.equal(status, 200);
      seen.answered++;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      seen.refused++;
    }
    if (!keeps) client.end();
  }
  client.end();
  return seen;
}

function challenges({ lines }: Serving): number {
  return lines.filter(({ route }) => route === "/v1/challenge").length;
}

Deno.test("casemate serve is replaced under load, and what it took is answered", async () => {
  const first = await startServe("--share-port");
  const listen = ["--listen", new URL(first.url).host, "--share-port"];
  let over = false;
  const clients = Array.from(
    { length: CLIENTS },
    (_, at) => askUntil(first.url, () => over, at % 2 === 0),
  );
  const second = await startServe(...listen);
  const { code } = await first.end();
  await new Promise((done) => setTimeout(done, 300));
  over = true;
  const seen = await Promise.all(clients);
  await second.end();

  const answered = seen.reduce((sum, one) => sum + one.answered, 0);
  const refused = seen.reduce((sum, one) => sum + one.refused, 0);
  assert.equal(code, 0);
  assert.equal(first.lines.at(-1)?.["event"], "ended");
  // Each request that a process took had its answer, and reached its client.
  assert.equal(challenges(first) + challenges(second), answered);
  assert.ok(challenges(first) > 0 && challenges(second) > 0);
  // The system hands on what waited to be taken, where net.ipv4.tcp_migrate_req is set; else it refuses it.
  assert.ok(refused <= CLIENTS, `${refused} of ${answered} were refused`);
});
