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
  // Whoever is left answers everybody, on the first connection.
  client.end();
  const { status } = await client.ask({ method: "POST", path: "/v1/challenge" });
  assert.equal(status, 200);
  seen.answered++;
  client.end();
  return seen;
}

function challenges({ lines }: Serving): number {
  return lines.filter(({ route }) => route === "/v1/challenge").length;
}

Deno.test("casemate serve is replaced under load, and what it took is answered", async () => {
  await using first = await startServe("--share-port");
  let over = false;
  const clients = Array.from(
    { length: CLIENTS },
    (_, at) => askUntil(first.url, () => over, at % 2 === 0),
  );
  try {
    // So that each has had its part of the load.
    await first.said("answered", CLIENTS);
    await using second = await startServe(
      "--listen",
      new URL(first.url).host,
      "--share-port",
    );
    const { code } = await first.end();
    await second.said("answered", CLIENTS);
    over = true;
    const seen = await Promise.all(clients);
    assert.equal((await second.end()).code, 0);

    const answered = seen.reduce((sum, one) => sum + one.answered, 0);
    const refused = seen.reduce((sum, one) => sum + one.refused, 0);
    assert.equal(code, 0);
    assert.equal(first.lines.at(-1)?.["event"], "ended");
    // Each request that a process took had its answer, and reached its client.
    assert.equal(challenges(first) + challenges(second), answered);
    // The system hands on what waited to be taken, where net.ipv4.tcp_migrate_req is set; else it refuses it.
    assert.ok(refused <= CLIENTS, `${refused} of ${answered} were refused`);
  } finally {
    over = true;
    await Promise.allSettled(clients);
  }
});
