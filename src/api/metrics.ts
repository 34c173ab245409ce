/**
 * Counters of a service, in the text that Prometheus reads (version 0.0.4).
 *
 * Labels come from the program's own tables, never from a request: whatever
 * clients send, there is a bounded number of series.
 *
 * @module
 */

import { isCode } from "./meanings.ts";
import type { Answered } from "./parts.ts";

/** Ends of the buckets of durations, seconds. */
const BUCKETS: readonly number[] = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  1,
  5,
  20,
  60,
];

/** Methods that have a name of their own. */
const METHODS: readonly string[] = ["GET", "HEAD", "POST", "OPTIONS"];

/** Media type of the text. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

type Labels = Readonly<Record<string, string>>;

/** A family of series. */
interface Family {
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly says: string;
}

const REQUESTS: Family = {
  name: "casemate_http_requests_total",
  kind: "counter",
  says: "Requests that were answered",
};
const DURATIONS: Family = {
  name: "casemate_http_request_duration_seconds",
  kind: "histogram",
  says: "Time from a request's head to its answer's",
};
const REFUSALS: Family = {
  name: "casemate_refusals_total",
  kind: "counter",
  says: "Requests that were refused, by the code of the problem",
};
const VERIFICATIONS: Family = {
  name: "casemate_verifications_total",
  kind: "counter",
  says: "Evidence that was examined, by what decided",
};
const TOKENS: Family = {
  name: "casemate_tokens_total",
  kind: "counter",
  says: "Tokens that were signed",
};

/** What is so at the moment. */
export interface Gauges {
  /** Verifications under way. */
  readonly underWay: number;
  /** Verifications that wait. */
  readonly waiting: number;
  /** Version of Casemate. */
  readonly version: string;
}

interface Durations {
  readonly counts: number[];
  sum: number;
}

/** Counts what is answered. */
export class Metrics {
  readonly #counts = new Map<Family, Map<string, number>>(
    [REQUESTS, REFUSALS, VERIFICATIONS, TOKENS].map((family) => [family, new Map()]),
  );
  readonly #durations = new Map<string, Durations>();

  /**
   * Counts a request that was answered.
   *
   * @param answered The request.
   * @param token Whether it was answered with a token.
   */
  count(answered: Answered, token: boolean): void {
    const { route, status, variant, verdict, policy, took } = answered;
    const method = METHODS.includes(answered.method) ? answered.method : "other";
    const code = answered.code !== null && isCode(answered.code) ? answered.code : "none";
    this.#add(REQUESTS, { route, method, status: String(status) });
    this.#measure(route, took / 1000);
    if (status >= 400) this.#add(REFUSALS, { route, code });
    if (token) this.#add(TOKENS, {});
    if (verdict === null || variant === null) return;
    const by = policy === null ? "inline" : "registered";
    this.#add(VERIFICATIONS, { variant, verdict, code, policy: by });
  }

  /**
   * All of it as text.
   *
   * @param gauges What is so at the moment.
   */
  text({ underWay, waiting, version }: Gauges): string {
    const counted = [...this.#counts].flatMap(([family, series]) => [
      ...headOf(family),
      ...[...series].map(([labels, value]) => `${family.name}${labels} ${value}`),
    ]);
    const now = [
      gauge("casemate_verifications_under_way", "Verifications under way", underWay),
      gauge("casemate_verifications_waiting", "Verifications that wait", waiting),
      gauge("casemate_build_info", "Version of Casemate", 1, { version }),
    ];
    return `${[...counted, ...this.#durationLines(), ...now.flat()].join("\n")}\n`;
  }

  #add(family: Family, labels: Labels): void {
    const series = this.#counts.get(family) ?? new Map<string, number>();
    const name = written(labels);
    series.set(name, (series.get(name) ?? 0) + 1);
  }

  #measure(route: string, seconds: number): void {
    const known = this.#durations.get(route) ?? { counts: BUCKETS.map(() => 0).concat(0), sum: 0 };
    const at = BUCKETS.findIndex((end) => seconds <= end);
    const bucket = at < 0 ? BUCKETS.length : at;
    known.counts[bucket] = (known.counts[bucket] ?? 0) + 1;
    known.sum += seconds;
    this.#durations.set(route, known);
  }

  #durationLines(): readonly string[] {
    const lines = [...this.#durations].flatMap(([route, { counts, sum }]) => {
      let total = 0;
      const buckets = counts.map((count, i) => {
        total += count;
        const le = i < BUCKETS.length ? String(BUCKETS[i]) : "+Inf";
        return `${DURATIONS.name}_bucket${written({ route, le })} ${total}`;
      });
      const labels = written({ route });
      return [
        ...buckets,
        `${DURATIONS.name}_sum${labels} ${sum}`,
        `${DURATIONS.name}_count${labels} ${total}`,
      ];
    });
    return [...headOf(DURATIONS), ...lines];
  }
}

function headOf({ name, kind, says }: Family): readonly string[] {
  return [`# HELP ${name} ${says}`, `# TYPE ${name} ${kind}`];
}

function gauge(name: string, says: string, value: number, labels: Labels = {}): readonly string[] {
  return [...headOf({ name, kind: "gauge", says }), `${name}${written(labels)} ${value}`];
}

/** Values come from tables without quotes or backslashes in them. */
function written(labels: Labels): string {
  const members = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return members.length === 0 ? "" : `{${members.join(",")}}`;
}
