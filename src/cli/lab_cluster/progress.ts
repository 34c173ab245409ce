/**
 * What is being done, as it is done, with the time that it took: lines that are
 * written anew in a terminal, lines once and for all elsewhere, JSON for programs.
 *
 * @module
 */

import type { Clock, Terminal, Timer } from "../../core/ports.ts";
import { CasemateError } from "../../core/errors.ts";
import type { Format } from "../context.ts";
import { brief, usableWidth } from "../output/layout.ts";
import { printable } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";

/** How often lines are written anew, ms. */
const FRAME = 100;

/** Most lines that are written anew: what has left the terminal at its top cannot be reached. */
const MAX_OPEN = 16;

/** What turns while something is being done. */
const TURNING = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;

/** Says more about a step that is being done. */
export type Say = (detail: string) => void;

/** Tells what is being done. */
export interface Progress {
  /**
   * Does a step, and tells of it.
   *
   * @param title What it is, some words.
   * @param work Does it.
   */
  step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T>;
  /**
   * Tells that something happened.
   *
   * @param event What, for programs.
   * @param details Its members.
   */
  event(event: string, details: Readonly<Record<string, unknown>>): void;
  /** Writes the lines for the last time. */
  end(): void;
}

interface Step {
  readonly title: string;
  readonly begun: number;
  detail: string;
  ended: number | null;
  failed: boolean;
}

/** What telling needs. */
export interface ProgressHost {
  /** Where a person reads. */
  readonly terminal: Terminal;
  /** Time. */
  readonly clock: Clock;
  /** Waiting. */
  readonly timer: Timer;
  /** Whether lines can be written anew. */
  readonly live: boolean;
}

/**
 * Tells what is being done.
 *
 * @param host The terminal.
 * @param format Form.
 */
export function createProgress(host: ProgressHost, format: Format): Progress {
  if (format === "json") return new Told(host, new JsonLines(host));
  return new Told(host, host.live ? new LiveLines(host) : new PlainLines(host));
}

/** Writes steps in some form. */
interface Lines {
  begun(step: Step): void;
  said(step: Step): void;
  ended(step: Step, error?: unknown): void;
  event(event: string, details: Readonly<Record<string, unknown>>): void;
  end(): void;
}

class Told implements Progress {
  readonly #clock: Clock;
  readonly #lines: Lines;

  constructor({ clock }: ProgressHost, lines: Lines) {
    this.#clock = clock;
    this.#lines = lines;
  }

  async step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
    const now = (): number => this.#clock.now().getTime();
    const step: Step = { title, begun: now(), detail: "", ended: null, failed: false };
    this.#lines.begun(step);
    try {
      const result = await work((detail) => {
        if (detail === step.detail) return;
        step.detail = detail;
        this.#lines.said(step);
      });
      step.ended = now();
      this.#lines.ended(step);
      return result;
    } catch (error) {
      step.ended = now();
      step.failed = true;
      this.#lines.ended(step, error);
      throw error;
    }
  }

  event(event: string, details: Readonly<Record<string, unknown>>): void {
    this.#lines.event(event, details);
  }

  end(): void {
    this.#lines.end();
  }
}

function secondsOf({ begun, ended }: Step, now: number): number {
  return Math.max(0, (ended ?? now) - begun) / 1000;
}

/** One line: sign, title, detail, time at the right. */
function lineOf(
  step: Step,
  style: Style,
  look: { width: number; now: number; turn: string },
): string {
  const time = `${secondsOf(step, look.now).toFixed(1)} s`.padStart(7);
  const room = look.width - 4 - time.length - 1;
  const title = step.title.slice(0, room);
  const left = room - title.length - 2;
  const detail = left > 8 && step.detail !== "" ? brief(printable(step.detail), left) : "";
  const text = `${title}${detail === "" ? "" : `  ${style.dim(detail)}`}`;
  const shown = title.length + (detail === "" ? 0 : detail.length + 2);
  const sign = step.ended === null ? look.turn : step.failed ? style.bad("✘") : style.good("✔");
  return `  ${sign} ${text}${" ".repeat(Math.max(1, room - shown + 1))}${style.dim(time)}`;
}

/** Steps under way are written anew below those that ended. */
class LiveLines implements Lines {
  readonly #host: ProgressHost;
  readonly #style: Style;
  readonly #open: Step[] = [];
  #drawn = 0;
  #frame = 0;
  #over = false;

  constructor(host: ProgressHost) {
    this.#host = host;
    this.#style = styleOf(host.terminal.colour);
    void this.#turn();
  }

  begun(step: Step): void {
    this.#open.push(step);
    this.#draw([]);
  }

  said(): void {
    this.#draw([]);
  }

  ended(step: Step): void {
    this.#open.splice(this.#open.indexOf(step), 1);
    this.#draw([step]);
  }

  event(): void {}

  end(): void {
    this.#over = true;
    this.#draw([]);
  }

  #draw(ended: readonly Step[]): void {
    const { terminal, clock } = this.#host;
    const look = {
      width: usableWidth(terminal.width),
      now: clock.now().getTime(),
      turn: TURNING[this.#frame % TURNING.length] ?? "",
    };
    const shown = this.#open.slice(0, MAX_OPEN);
    const more = this.#open.length - shown.length;
    const lines = [
      ...[...ended, ...shown].map((step) => `${lineOf(step, this.#style, look)}\n`),
      ...(more === 0 ? [] : [`    and ${more} more\n`]),
    ];
    // Up to the first line that changes, and what is below it erased (ECMA-48 CPL, ED).
    const back = this.#drawn === 0 ? "" : `\x1b[${this.#drawn}F\x1b[J`;
    this.#drawn = shown.length + (more === 0 ? 0 : 1);
    terminal.out(back + lines.join(""));
  }

  async #turn(): Promise<void> {
    while (!this.#over) {
      await this.#host.timer.wait(FRAME);
      this.#frame++;
      if (!this.#over && this.#open.length > 0) this.#draw([]);
    }
  }
}

/** A line for each step that ended. */
class PlainLines implements Lines {
  readonly #host: ProgressHost;

  constructor(host: ProgressHost) {
    this.#host = host;
  }

  begun(): void {}
  said(): void {}

  ended(step: Step): void {
    const { terminal } = this.#host;
    const look = { width: usableWidth(terminal.width), now: step.ended ?? 0, turn: "" };
    terminal.out(`${lineOf(step, styleOf(terminal.colour), look)}\n`);
  }

  event(): void {}
  end(): void {}
}

/** An object a line; what a step says is for people. */
class JsonLines implements Lines {
  readonly #host: ProgressHost;

  constructor(host: ProgressHost) {
    this.#host = host;
  }

  begun({ title }: Step): void {
    this.event("begun", { step: title });
  }

  said(): void {}

  ended(step: Step, error?: unknown): void {
    const seconds = secondsOf(step, step.begun);
    if (!step.failed) return this.event("done", { step: step.title, seconds });
    const code = error instanceof CasemateError ? error.code : "bug";
    const message = error instanceof Error ? error.message : String(error);
    this.event("failed", { step: step.title, seconds, code, message });
  }

  event(event: string, details: Readonly<Record<string, unknown>>): void {
    const time = this.#host.clock.now().toISOString();
    const line = JSON.stringify({ v: 1, time, event, ...details });
    this.#host.terminal.out(`${printable(line)}\n`);
  }

  end(): void {}
}
