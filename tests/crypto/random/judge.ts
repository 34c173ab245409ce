/**
 * Puts random signatures to the engines and to the oracle.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../../src/core/bytes.ts";
import type { Primitives } from "../primitives.ts";
import { oracleVerdict, type RandomCase } from "./case.ts";
import type { WebCryptoOracle } from "./oracle.ts";

/** How many cases the oracle is asked about at once. */
const CHUNK = 250;

/** What was tried. */
export class Tried {
  /** Signatures that were accepted. */
  valid = 0;
  /** What was refused, by how it was made. */
  readonly bent: Map<string, number> = new Map();

  /** All of it. */
  get count(): number {
    return this.valid + [...this.bent.values()].reduce((sum, one) => sum + one, 0);
  }

  /** Counts a case. */
  add({ what, isValid }: RandomCase): void {
    if (isValid) this.valid++;
    else this.bent.set(what, (this.bent.get(what) ?? 0) + 1);
  }
}

/** A case as text with which it can be repeated. */
function told({ scheme, what, isValid, key, message, signature }: RandomCase): string {
  const verdict = isValid ? "valid" : "invalid";
  const bytes = [key, message, signature].map(toHex).join(" ");
  return `${scheme}, ${verdict}: ${what}: key, message, signature ${bytes}`;
}

/**
 * Asserts that oracle and engines all say of each case what is known of it.
 *
 * @param oracle The oracle.
 * @param engines Engines; one that has not the scheme of the cases is not asked.
 * @param count How many cases.
 * @param make Makes some of them; `from` is the number of the first.
 */
export async function judgeAll(
  oracle: WebCryptoOracle,
  engines: readonly Primitives[],
  count: number,
  make: (from: number, count: number) => Promise<readonly RandomCase[]>,
): Promise<Tried> {
  const tried = new Tried();
  for (let from = 0; from < count; from += CHUNK) {
    const cases = await make(from, Math.min(CHUNK, count - from));
    const [first] = cases;
    assert.ok(first);
    const verdicts = await oracle.verify(first.scheme, cases);
    for (const [i, one] of cases.entries()) {
      assert.equal(verdicts[i], oracleVerdict(one), `oracle: ${told(one)}`);
      for (const engine of engines) {
        if (!engine.schemes.includes(one.scheme)) continue;
        const judgement = await engine.judge(one.scheme, one);
        const expected = one.isValid ? "accepted" : "refused";
        assert.equal(judgement, expected, `${engine.name}: ${told(one)}`);
      }
      tried.add(one);
    }
  }
  return tried;
}
