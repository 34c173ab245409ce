/**
 * The end of boot services: from there on the firmware is out of the way (PFP §3.3.4.6, §8.2.4).
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { LogEvent } from "./event_log.ts";
import { PCR } from "./registers.ts";
import type { Found } from "./remark.ts";
import { readAscii } from "./text.ts";
import type { Origin, Place, TrustedEvents } from "./trusted_events.ts";

/** What the firmware measures at the end of boot services (PFP Table 28). */
const ACTIONS = {
  invocation: "Exit Boot Services Invocation",
  success: "Exit Boot Services Returned with Success",
  failure: "Exit Boot Services Returned with Failure",
} as const;

/** The operating system ended boot services. */
export interface BootServicesClaim extends Origin {
  /** How often it failed to before. */
  readonly failures: number;
}

/**
 * Reads whether boot services ended: once, right after they were asked to.
 *
 * @param trusted Events that may be believed.
 * @returns Null where nothing says so, or too much does.
 */
export function readBootServices(trusted: TrustedEvents): Found<BootServicesClaim | null> {
  const place = trusted.after(PCR.bootConfiguration);
  const steps = place.events.flatMap((event) => {
    const action = actionOf(event);
    return action === null ? [] : [{ action, event }];
  });
  const successes = steps.filter(({ action }) => action === ACTIONS.success);
  if (successes.length === 0) return { found: null, remarks: [] };
  const [invocation, success] = steps.slice(-2);
  const inOrder = successes.length === 1 && success?.action === ACTIONS.success &&
    invocation?.action === ACTIONS.invocation;
  if (!inOrder) return ambiguous(place);
  const failures = steps.filter(({ action }) => action === ACTIONS.failure).length;
  const events = [invocation.event.number, success.event.number];
  const { register, handedOver } = place;
  const complete = place.events.every(({ covered }) => covered === "whole");
  const claim = { failures, register, events, by: "firmware", handedOver, complete } as const;
  return { found: claim, remarks: [] };
}

function ambiguous({ register }: Place): Found<null> {
  return { found: null, remarks: [{ kind: "boot-services-ambiguous", register, event: null }] };
}

function actionOf({ covered, data }: LogEvent): string | null {
  if (covered !== "whole") return null;
  const text = readAscii(fromHex(data));
  return Object.values(ACTIONS).find((action) => action === text) ?? null;
}
