/**
 * What every service of verification must do, wherever it runs: in this process,
 * behind `casemate serve` and in the Worker. A case asks by HTTP alone.
 *
 * The service must be set up as its `lab` says: the one policy with its reference
 * values, the lab roots, the key and issuer of tokens, and the page, where it has one.
 *
 * @module
 */

import type { ServiceCase, ServiceUnderTest } from "./service_case.ts";
import { ANSWER_CASES } from "./suite_answers.ts";
import { NONCE_CASES } from "./suite_nonces.ts";
import { REFUSAL_CASES } from "./suite_refusals.ts";
import { VERIFY_CASES } from "./suite_verify.ts";

export type { ServiceCase, ServiceUnderTest } from "./service_case.ts";

/** All of them. */
export const SERVICE_CASES: readonly ServiceCase[] = [
  ...VERIFY_CASES,
  ...NONCE_CASES,
  ...REFUSAL_CASES,
  ...ANSWER_CASES,
];

/**
 * A service at an address.
 *
 * @param base Its address, as `http://127.0.0.1:8080`.
 * @param setUp How it was set up.
 */
export function serviceAt(
  base: string,
  setUp: Pick<ServiceUnderTest, "lab" | "remembers">,
): ServiceUnderTest {
  return {
    ...setUp,
    now: () => new Date(),
    ask: (path, init) => fetch(`${base}${path}`, { redirect: "manual", ...init }),
  };
}
