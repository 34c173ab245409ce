/**
 * Random RSASSA-PSS signatures, raised by the oracle's keys.
 *
 * @module
 */

import type { RandomCase } from "./case.ts";
import type { RsaPair, WebCryptoOracle } from "./oracle.ts";
import { finished, planPss } from "./rsa.ts";
import type { Seeded } from "./seeded.ts";

/** One in so many invalid signatures is right but for the key that it is judged by. */
const OTHER_KEY = 30;

/**
 * Makes cases, every second one invalid.
 *
 * @param random The choices.
 * @param oracle Raises the blocks.
 * @param pairs Two keys.
 * @param messages What is signed, one of each case.
 */
export async function pssCases(
  random: Seeded,
  oracle: WebCryptoOracle,
  pairs: readonly [RsaPair, RsaPair],
  messages: readonly Uint8Array<ArrayBuffer>[],
): Promise<readonly RandomCase[]> {
  const cases: RandomCase[] = [];
  for (const [pair, other] of [pairs, [pairs[1], pairs[0]] as const]) {
    const own = messages.filter((_, i) => (i % 4 < 2) === (pair === pairs[0]));
    const plans = own.map((message, i) => {
      const isForOther = i % 2 === 1 && random.number(OTHER_KEY) === 0;
      const plan = planPss(random, message, pair.modulus, i % 2 === 0 || isForOther);
      return isForOther
        ? { ...plan, message, key: other.spki, what: "other key", isValid: false }
        : { ...plan, message, key: pair.spki };
    });
    const raised = await oracle.raise(pair.pkcs8, plans.map(({ block }) => block));
    for (const [i, plan] of plans.entries()) {
      const { message, key } = plan;
      const outcome = finished(plan, raised[i] ?? new Uint8Array());
      cases.push({ scheme: "pss", message, key, ...outcome });
    }
  }
  return cases;
}
