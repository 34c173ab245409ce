/**
 * Values as the report writes them.
 *
 * @module
 */

import { type Markup, markup } from "./markup.ts";

/** What stands between accepted values in a finding. */
const BETWEEN = " or ";

/**
 * Whether text is bytes in hex, at least eight of them.
 *
 * @param text Any text.
 */
export function isHex(text: string): boolean {
  return /^(?:[0-9a-fA-F]{2}){8,}$/.test(text);
}

/** Most characters of a value that is only mentioned. */
const BRIEF = 64;

/**
 * A value that is only mentioned: hex shortened to its ends, zeros to their number.
 *
 * @param text Any text.
 */
export function mentioned(text: string): Markup {
  return markup`<span class="${isHex(text) ? "a x" : "a"}">${brief(text)}</span>`;
}

function brief(text: string): string {
  if (/^(?:00){8,}$/.test(text)) return `${text.length / 2} zero bytes`;
  const accepted = text.split(BETWEEN);
  if (accepted.length > 1 && accepted.every(isHex)) return `one of ${accepted.length} values`;
  const short = text.replace(/[0-9a-f]{29,}/gi, (hex) => `${hex.slice(0, 16)}…${hex.slice(-8)}`);
  return short.length <= BRIEF ? short : `${short.slice(0, BRIEF - 1).trimEnd()}…`;
}

/**
 * A value whole; hex in groups, so that it can be compared by eye. Between the
 * groups stands nothing: what is copied is the value itself.
 *
 * @param text Any text.
 */
export function whole(text: string): Markup {
  // A split by one group gives text and runs in turn.
  const parts = text.split(LONG_HEX).map((part, i) => i % 2 === 1 ? hexValue(part) : part);
  return isHex(text) ? hexValue(text) : markup`<span class="v">${parts}</span>`;
}

/** Bytes in hex inside of other text. */
const LONG_HEX = /\b((?:[0-9a-f]{2}){14,})\b/;

/** Digits of a group. */
const GROUP = 8;

function hexValue(text: string): Markup {
  const groups = Array.from(
    { length: Math.ceil(text.length / GROUP) },
    (_, i) => markup`<span>${text.slice(i * GROUP, (i + 1) * GROUP)}</span>`,
  );
  return markup`<code class="hex">${groups}</code>`;
}

/**
 * Expected and actual value, one under the other; of hex of one length what differs is marked.
 *
 * @param expected What was expected; null where nothing was.
 * @param actual What the evidence says; null where it says nothing.
 */
export function compared(expected: string | null, actual: string | null): Markup | null {
  if (expected === null && actual === null) return null;
  const accepted = expected === null
    ? []
    : expected.split(BETWEEN).every(isHex)
    ? expected.split(BETWEEN)
    : [expected];
  const [one] = accepted;
  const marked = accepted.length === 1 && one !== undefined && actual !== null;
  const rows = [
    ...accepted.map((value, i) => row(i === 0 ? "expected" : "or", whole(value))),
    ...(actual === null ? [] : [row("actual", marked ? differing(actual, one) : whole(actual))]),
  ];
  return markup`<dl class="cmp">${rows}</dl>`;
}

function row(label: string, value: Markup): Markup {
  return markup`<dt>${label}</dt>
    <dd>${value}</dd>`;
}

/** The value with those groups marked that differ. */
function differing(actual: string, expected: string): Markup {
  if (!isHex(actual) || actual.length !== expected.length || !isHex(expected)) return whole(actual);
  const groups = Array.from({ length: Math.ceil(actual.length / GROUP) }, (_, i) => {
    const at = [i * GROUP, (i + 1) * GROUP] as const;
    const group = actual.slice(...at);
    return group.toLowerCase() === expected.slice(...at).toLowerCase()
      ? markup`<span>${group}</span>`
      : markup`<mark>${group}</mark>`;
  });
  return markup`<code class="hex">${groups}</code>`;
}

/**
 * A moment as people read it, in UTC.
 *
 * @param time ISO 8601, UTC.
 */
export function moment(time: string): string {
  return time.replace("T", " ").replace(/(?:\.\d+)?Z$/, " UTC");
}
