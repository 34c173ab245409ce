/**
 * Many clients that ask one service all the time, and how long it took.
 *
 * @module
 */

import { type Answer, Client, NoAnswer, type Question } from "../client.ts";

/** What came of it. */
export interface Pressed {
  /** Clients at once. */
  readonly clients: number;
  /** Right answers. */
  readonly right: number;
  /** Answers that said to come again: 503 with Retry-After. */
  readonly turnedAway: number;
  /** New connections that ended without an answer. */
  readonly ended: number;
  /** Right answers in a second. */
  readonly rate: number;
  /** Time of the right answers, ms, shortest first. */
  readonly times: Float64Array;
}

/** One exchange of a client, and what is wrong with the answer; null where nothing is. */
export interface Exchange {
  /** The request. */
  readonly question: () => Promise<Question> | Question;
  /** Says what is wrong with an answer. */
  readonly fault: (answer: Answer) => string | null;
}

/**
 * Presses.
 *
 * @param url Where.
 * @param clients How many at once.
 * @param time For how long, ms.
 * @param exchange What they ask.
 * @throws {Error} at the first wrong answer.
 */
export async function press(
  url: string,
  clients: number,
  time: number,
  exchange: Exchange,
): Promise<Pressed> {
  const start = performance.now();
  const times: number[] = [];
  let turnedAway = 0;
  let lost = 0;
  const one = async (_: unknown, at: number): Promise<void> => {
    const client = new Client(url);
    while (performance.now() < start + time) {
      const question = await exchange.question();
      const asked = performance.now();
      const answer = await askAgain(client, question);
      if (answer === null) {
        lost++;
        continue;
      }
      // Every other one comes anew each time, as who asks once does.
      if (at % 2 === 1) client.end();
      const fault = exchange.fault(answer);
      if (fault === null) times.push(performance.now() - asked);
      else if (answer.status === 503 && answer.headers.has("retry-after")) turnedAway++;
      else throw new Error(`A wrong answer: ${fault}`);
    }
    client.end();
  };
  await Promise.all(Array.from({ length: clients }, one));
  const seconds = (performance.now() - start) / 1000;
  return {
    clients,
    right: times.length,
    turnedAway,
    ended: lost,
    rate: times.length / seconds,
    times: Float64Array.from(times).sort(),
  };
}

/**
 * A server may end a connection that rests just when the next request is on its way; clients then
 * ask on a new one (RFC 9112 §9.3.1). Null where that ends as well.
 */
async function askAgain(client: Client, question: Question): Promise<Answer | null> {
  for (;;) {
    try {
      return await client.ask(question);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.fresh) return null;
    }
  }
}

/**
 * A quantile.
 *
 * @param times Sorted.
 * @param share As 0.99.
 */
export function quantile(times: Float64Array, share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}
