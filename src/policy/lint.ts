/**
 * What is wrong with a policy, and what is right in form but hardly meant.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import { admissionRemarks } from "./lint_admission.ts";
import { policyDecoder, readWhole } from "./policy.ts";
import { problemsIn } from "./problems.ts";
import type { Remark } from "./remark.ts";
import { type Setting, settingsOf } from "./settings.ts";
import { hasEnded } from "./settle.ts";
import { inShort } from "./exception.ts";

/**
 * All remarks on a policy: errors where there are any, else warnings and notes.
 *
 * @param value The document as plain data.
 * @param technologies Technologies whose sections are known.
 * @param now The moment.
 */
export function lintPolicy(
  value: unknown,
  technologies: readonly AnyTechnology[],
  now: Date,
): readonly Remark[] {
  const problems = problemsIn(value, policyDecoder(technologies));
  if (problems.length > 0) {
    return problems.map(({ path, reason, message }) => ({
      level: "error",
      code: reason === "unknown_key"
        ? "policy.unknown_key"
        : path === "version"
        ? "policy.version"
        : "policy.value",
      key: path,
      says: message,
    }));
  }
  const whole = readWhole(value, technologies, "given", now);
  const settings = settingsOf(whole);
  const remarks = [
    ...admissionRemarks(whole, technologies),
    ...settings.flatMap((setting) => settingRemarks(setting, now)),
    ...contradictions(settings),
  ];
  // What every admitted variant needs has no end.
  const needed = new Set(remarks.filter(({ code }) => code === "needed").map(({ key }) => key));
  return remarks.filter(({ code, key }) => code !== "no-end" || !needed.has(key))
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** The worst first. */
const LEVELS: readonly Remark["level"][] = ["error", "warning", "note"];

/** Days before an end from which on it is worth a note. */
const SOON = 14;
/** Days after which an end is none. */
const FAR = 366;
const DAY = 24 * 60 * 60 * 1000;

function settingRemarks(setting: Setting, now: Date): readonly Remark[] {
  const { key, value, source, until, idle } = setting;
  const remarks: Remark[] = [];
  const add = (level: Remark["level"], code: string, says: string) =>
    remarks.push({ level, code, key, says });
  if (source === "ended") {
    add(
      "warning",
      "ended",
      `${setting.ended} ended on ${until}, so that the default counts; take it out`,
    );
  }
  if (source !== "policy") return remarks;
  if (idle !== null) {
    add("warning", "demands-nothing", `${inShort(value)} demands nothing: ${idle}`);
  }
  if (hasTwice(value)) add("warning", "twice", "an item stands in it twice");
  if (setting.costs !== null) remarks.push(...endRemarks(setting, setting.costs, now));
  else if (until !== null) {
    const says = `its end on ${until} does nothing: ${
      inShort(value)
    } is not weaker than the default, so it stays`;
    add("warning", "idle-end", says);
  }
  return remarks;
}

function endRemarks({ key, value, until }: Setting, costs: string, now: Date): readonly Remark[] {
  const remark = (level: Remark["level"], code: string, says: string): readonly Remark[] => [
    { level, code, key, says },
  ];
  const what = `${inShort(value)} – ${costs}`;
  if (until === null) {
    return remark(
      "warning",
      "no-end",
      `${what}; give it an end, as { value: …, until: ${dayIn(now, 90)} }`,
    );
  }
  if (hasEnded(until, now)) return remark("warning", "ended", `${what}; it ended on ${until}`);
  const days = Math.ceil((Date.parse(`${until}T00:00:00Z`) + DAY - now.getTime()) / DAY);
  if (days <= SOON) return remark("note", "ends-soon", `${what}; it ends on ${until}`);
  if (days > FAR) {
    return remark("note", "ends-late", `${what}; it ends in more than a year, on ${until}`);
  }
  return remark("note", "weaker", `${what}; it ends on ${until}`);
}

function dayIn(now: Date, days: number): string {
  return new Date(now.getTime() + days * DAY).toISOString().slice(0, 10);
}

function hasTwice(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return new Set(value.map((item) => JSON.stringify(item))).size < value.length;
}

/** Keys that name what is accepted and what is refused of the same: `allowChips`, `denyChips`. */
function contradictions(settings: readonly Setting[]): readonly Remark[] {
  const values = new Map(settings.map(({ key, value }) => [key, value]));
  return settings.flatMap(({ key, value }): readonly Remark[] => {
    const denied = values.get(key.replace(/\ballow(?=[A-Z])/, "deny"));
    if (!/\ballow[A-Z]/.test(key) || !Array.isArray(value) || !Array.isArray(denied)) return [];
    const both = value.filter((item) => denied.includes(item));
    if (both.length === 0) return [];
    const says = `${inShort(both)} is accepted here and refused beside; it is refused`;
    return [{ level: "warning", code: "contradiction", key, says }];
  });
}
