import assert from "node:assert/strict";
import { InputError } from "../../core/errors.ts";
import { readMoment } from "./moment.ts";

Deno.test("readMoment() takes a day as its midnight in UTC, and times with a zone", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["2026-11-21", "2026-11-21T00:00:00.000Z"],
    ["2026-11-21T08:00Z", "2026-11-21T08:00:00.000Z"],
    ["2026-11-21T08:00:30.5Z", "2026-11-21T08:00:30.500Z"],
    ["2026-11-21T08:00:00+02:00", "2026-11-21T06:00:00.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
  ];
  for (const [text, wanted] of cases) assert.equal(readMoment(text, "--at").toISOString(), wanted);
});

Deno.test("readMoment() refuses what is no moment or has no zone", () => {
  const bad = [
    "",
    "now",
    "2026-11-21T08:00",
    "2026-11-21 08:00Z",
    "2026-13-01",
    "2027-02-29",
    "2026-11-21T25:00Z",
    "2026-11-21T08:61Z",
    "1763683200",
    "2026-11-21Z",
    "21.11.2026",
  ];
  for (const text of bad) {
    assert.throws(
      () => readMoment(text, "--at"),
      (error) =>
        error instanceof InputError && error.code === "input.value" &&
        error.fields["flag"] === "--at",
      text,
    );
  }
});
