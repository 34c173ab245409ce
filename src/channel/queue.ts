/**
 * Requests for evidence, one report after the other. Those that take a batch and
 * wait together are answered by one report (protocol §5.5), so that the number
 * of verifiers does not make the wait of each.
 *
 * @module
 */

import type { BatchStep } from "../protocol/attest.ts";
import { BATCH_AUDIENCE, makeBatch } from "./batch.ts";
import { BusyError } from "./busy.ts";
import type { ChannelLimits } from "./limits.ts";
import type { Attester, EvidenceQuestion, Given } from "./peer.ts";

/** Evidence, and how a nonce leads to it. */
export interface Answered {
  /** The evidence. */
  readonly given: Given;
  /** Path to what it answers; null where it answers the nonce itself. */
  readonly path: readonly BatchStep[] | null;
}

interface Waiting {
  readonly question: EvidenceQuestion;
  readonly batch: boolean;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: unknown) => void;
}

/** Seconds that a full queue is given to get shorter. */
const RETRY_AFTER = 5;

/** Requests that wait. */
export class EvidenceQueue {
  readonly #attester: Attester;
  readonly #limits: Pick<ChannelLimits, "queue" | "batch">;
  #waiting: Waiting[] = [];
  #works = false;

  /**
   * Begins empty.
   *
   * @param attester Gives evidence.
   * @param limits How many may wait.
   */
  constructor(attester: Attester, limits: Pick<ChannelLimits, "queue" | "batch">) {
    this.#attester = attester;
    this.#limits = limits;
  }

  /**
   * Waits for evidence.
   *
   * @param question What is asked.
   * @param batch Whether a report over many is taken; of `serve` alone.
   * @throws {BusyError} where too many wait; else what the attester throws.
   */
  ask(question: EvidenceQuestion, batch: boolean): Promise<Answered> {
    const alike = this.#waiting.filter((waiting) => waiting.batch === batch).length;
    if (alike >= (batch ? this.#limits.batch : this.#limits.queue)) {
      throw new BusyError(`${alike} others wait for evidence`, RETRY_AFTER, false);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, batch, resolve, reject });
      if (!this.#works) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#works = true;
    for (let next = this.#next(); next.length > 0; next = this.#next()) await this.#answer(next);
    this.#works = false;
  }

  /** The oldest, and with it, where it takes a batch, all others that do. */
  #next(): readonly Waiting[] {
    const [oldest] = this.#waiting;
    if (oldest === undefined) return [];
    const next = oldest.batch ? this.#waiting.filter(({ batch }) => batch) : [oldest];
    this.#waiting = this.#waiting.filter((waiting) => !next.includes(waiting));
    return next;
  }

  async #answer(asked: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#evidenceFor(asked.map(({ question }) => question));
      asked.forEach(({ resolve, reject }, i) => {
        const answered = answers[i];
        if (answered === undefined) reject(new TypeError("Cannot answer: no evidence was given"));
        else resolve(answered);
      });
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }

  async #evidenceFor(questions: readonly EvidenceQuestion[]): Promise<readonly Answered[]> {
    const [only, ...others] = questions;
    if (only !== undefined && others.length === 0) {
      return [{ given: await this.#attester.attest(only), path: null }];
    }
    const { root, path } = makeBatch(questions);
    const given = await this.#attester.attest({
      nonce: root,
      purpose: "serve",
      audience: BATCH_AUDIENCE,
      requestDigest: "",
    });
    return questions.map((_, i) => ({ given, path: path(i) }));
  }
}
