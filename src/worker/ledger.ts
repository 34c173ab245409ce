/**
 * Spending nonces by way of Durable Objects.
 *
 * @module
 */

import type { NonceLedger } from "../api/parts.ts";
import { toHex } from "../core/bytes.ts";
import { UnavailableError } from "../core/errors.ts";
import type { DurableNamespace } from "./bindings.ts";
import { FIRST, USED } from "./nonce_ledger.ts";

/**
 * A ledger in Durable Objects, sixteen of them: which one a nonce belongs to is
 * its first digit, and nonces are evenly spread.
 *
 * @param namespace Objects of the class `NonceLedger`.
 */
export function durableLedger(namespace: DurableNamespace): NonceLedger {
  return {
    async spend(nonce, until) {
      const name = toHex(nonce);
      const object = namespace.get(namespace.idFromName(`nonces-${name[0]}`));
      const status = await asked(async () => {
        const url = `https://ledger.invalid/spend/${name}/${until.getTime()}`;
        return (await object.fetch(url, { method: "POST" })).status;
      });
      if (status === FIRST) return true;
      if (status === USED) return false;
      throw unavailable(`it answered with ${status}`);
    },
  };
}

/** Whether it was spent nobody knows then: it counts as used. */
async function asked(ask: () => Promise<number>): Promise<number> {
  try {
    return await ask();
  } catch (cause) {
    throw unavailable(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unavailable(reason: string, cause?: unknown): UnavailableError {
  return new UnavailableError(`Cannot remember the nonce as used: ${reason}`, {
    code: "api.nonces_unavailable",
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}
