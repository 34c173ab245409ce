/**
 * Steps of reading an event log beside signed registers.
 *
 * @module
 */

import type { Check } from "../evidence.ts";

/** Steps that need the event log. */
export const LOG_CHECKS: readonly Check[] = [
  {
    id: "logs.log",
    link: "guest",
    title: "Event log well formed",
    source: "TCG PC Client Platform Firmware Profile §10, Canonical Event Log Format §5",
  },
  {
    id: "logs.data",
    link: "guest",
    title: "Events say what was measured",
    source: "TCG PC Client Platform Firmware Profile §10.4, Table 27",
  },
];
