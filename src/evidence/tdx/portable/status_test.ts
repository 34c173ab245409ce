import assert from "node:assert/strict";
import type { TcbStatus } from "../report.ts";
import { converge, hasFault, LEVEL_STATUSES } from "./status.ts";

const ALL: readonly TcbStatus[] = [
  ...LEVEL_STATUSES,
  "TDRelaunchAdvised",
  "TDRelaunchAdvisedConfigurationNeeded",
];

Deno.test("converge() of one status, of a status with itself and with UpToDate is that status", () => {
  assert.equal(converge(), "UpToDate");
  for (const status of ALL) {
    assert.equal(converge(status), status);
    assert.equal(converge(status, status), status);
    assert.equal(converge("UpToDate", status), status);
  }
});

Deno.test("converge() knows no order", () => {
  for (const [one, other, third] of triples()) {
    assert.equal(converge(one, other, third), converge(third, converge(other, one)));
    assert.equal(converge(converge(one, other), third), converge(one, other, third));
  }
});

Deno.test("converge() loses nothing that is wrong but hardening beside what needs an update first", () => {
  for (const [one, other] of triples()) {
    const both = converge(one, other);
    const has = (fault: Parameters<typeof hasFault>[1]): boolean =>
      hasFault(one, fault) || hasFault(other, fault);
    const isWorse = has("revoked") || has("out-of-date") || has("relaunch");

    assert.equal(both === "Revoked", has("revoked"));
    if (has("revoked")) continue;
    assert.equal(hasFault(both, "configuration"), has("configuration"), `${one}, ${other}`);
    assert.equal(hasFault(both, "out-of-date"), has("out-of-date"), `${one}, ${other}`);
    assert.equal(hasFault(both, "hardening"), has("hardening") && !isWorse, `${one}, ${other}`);
  }
});

Deno.test("converge() is what Intel's library makes of a platform and an outdated quoting enclave", () => {
  const expected: Partial<Record<TcbStatus, TcbStatus>> = {
    UpToDate: "OutOfDate",
    SWHardeningNeeded: "OutOfDate",
    ConfigurationNeeded: "OutOfDateConfigurationNeeded",
    ConfigurationAndSWHardeningNeeded: "OutOfDateConfigurationNeeded",
    OutOfDate: "OutOfDate",
    OutOfDateConfigurationNeeded: "OutOfDateConfigurationNeeded",
    Revoked: "Revoked",
  };
  for (const status of LEVEL_STATUSES) {
    assert.equal(converge(status, "OutOfDate"), expected[status], status);
  }
});

function triples(): readonly (readonly [TcbStatus, TcbStatus, TcbStatus])[] {
  return ALL.flatMap((one) => ALL.flatMap((two) => ALL.map((three) => [one, two, three] as const)));
}
