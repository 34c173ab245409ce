/**
 * Puts abuse on a service while honest clients ask it: each honest request has its
 * right answer, and what is abusive is told so or cut off.
 *
 * `deno task load:abuse [serve] [workerd] [--seconds=N]`. What concerns connections is
 * for `serve` alone: in front of a Worker stands the network that it runs in.
 *
 * @module
 */

import { serviceLab } from "../api/lab.ts";
import { type Attack, ATTACKS } from "./load/attacks.ts";
import { verification } from "./load/exchange.ts";
import { quantile } from "./load/press.ts";
import { pressApart } from "./load/press_worker.ts";
import { type Target, TARGETS } from "./load/target.ts";

/** Honest clients at once. */
const HONEST = 8;

async function attackOn(target: Target, attack: Attack, given: Given): Promise<string> {
  const { exchange, time } = given;
  let over = false;
  const pressing = pressApart({ url: target.url, clients: HONEST, time, question: exchange.one })
    .finally(() => {
      over = true;
    });
  const attacking = attack.run({ ...given, url: target.url, over: () => over });
  const [honest, came] = await Promise.all([pressing, attacking]);
  if (honest.right === 0 || honest.turnedAway + honest.ended > 0) {
    throw new Error(
      `${attack.name}: ${honest.right} honest requests were answered, ${honest.turnedAway} turned away, ${honest.ended} ended`,
    );
  }
  const wrong = [...came.keys()].filter((what) => !attack.allows.includes(what));
  if (wrong.length > 0 || came.size === 0) {
    throw new Error(`${attack.name}: ${JSON.stringify([...came])}, expected ${attack.allows}`);
  }
  const ms = (share: number): string => quantile(honest.times, share).toFixed(1).padStart(8);
  const mib = (await target.memory() / 2 ** 20).toFixed(0).padStart(6);
  const told = [...came].map(([what, count]) => `${count} × ${what}`).join(", ");
  return `${attack.name.padEnd(34)}${honest.rate.toFixed(0).padStart(6)}${ms(0.5)}${
    ms(0.99)
  }${mib}  ${told}`;
}

interface Given {
  readonly lab: Awaited<ReturnType<typeof serviceLab>>;
  readonly exchange: Awaited<ReturnType<typeof verification>>;
  readonly time: number;
}

async function main(args: readonly string[]): Promise<void> {
  const seconds = args.find((arg) => arg.startsWith("--seconds="))?.split("=")[1] ?? "4";
  const names = args.filter((arg) => !arg.startsWith("--"));
  const lab = await serviceLab(new Date());
  const given = { lab, exchange: await verification(lab), time: Number(seconds) * 1000 };
  for (const name of names.length === 0 ? Object.keys(TARGETS) : names) {
    const start = TARGETS[name];
    if (start === undefined) throw new Error(`${name} is none of ${Object.keys(TARGETS)}`);
    const target = await start(lab);
    console.log(`\n${name}\n${"".padEnd(34)} req/s  p50 ms     p99   MiB  what came of it`);
    try {
      for (const attack of ATTACKS.filter(({ of }) => of === "all" || name === "serve")) {
        console.log(await attackOn(target, attack, given));
      }
    } finally {
      await target.end();
    }
  }
}

if (import.meta.main) await main(Deno.args);
