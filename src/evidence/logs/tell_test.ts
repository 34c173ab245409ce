import assert from "node:assert/strict";
import type { LogClaims } from "./claims.ts";
import { tellClaims } from "./tell.ts";

const NOTHING: LogClaims = {
  secureBoot: null,
  signatureDatabases: [],
  authorities: [],
  drivers: [],
  applications: [],
  unifiedKernel: null,
  commandLine: null,
  bootLoader: null,
  bootServicesExit: null,
  ownerKeys: [],
};

const ORIGIN = { events: [1], by: "firmware", handedOver: false, complete: true } as const;

function rowsOf(claims: Partial<LogClaims>): readonly (readonly string[])[] {
  return tellClaims({ ...NOTHING, ...claims }, "pcr").flatMap(({ table }) => table?.rows ?? []);
}

Deno.test("tellClaims() says nothing where nothing is claimed", () => {
  assert.deepEqual(tellClaims(NOTHING, "pcr"), []);
});

Deno.test("tellClaims() names who measured a claim, and where", () => {
  const secureBoot = { ...ORIGIN, register: 7, enabled: false };
  assert.deepEqual(rowsOf({ secureBoot }), [["Secure Boot", "firmware, PCR 7", "off"]]);
  const [section] = tellClaims({ ...NOTHING, secureBoot: { ...secureBoot, register: 0 } }, "rtmr");
  assert.deepEqual(section?.table?.rows, [["Secure Boot", "firmware, RTMR 0", "off"]]);
});

Deno.test("tellClaims() marks a claim beside which something unknown stands", () => {
  const secureBoot = { ...ORIGIN, register: 7, enabled: true, complete: false };
  assert.deepEqual(rowsOf({ secureBoot }), [["Secure Boot", "firmware, PCR 7 (not alone)", "on"]]);
});

Deno.test("tellClaims() keeps what somebody later could have measured apart from the firmware's word", () => {
  const secureBoot = { ...ORIGIN, register: 7, enabled: true };
  const bootServicesExit = { ...ORIGIN, register: 5, handedOver: true, failures: 0 };
  const told = tellClaims({ ...NOTHING, secureBoot, bootServicesExit }, "pcr");
  assert.deepEqual(told.map(({ title, table }) => [title, table?.rows]), [
    [
      "What the event log claims, by the firmware's word",
      [["Secure Boot", "firmware, PCR 7", "on"]],
    ],
    [
      "What the event log claims of later, which whatever ran since could have measured",
      [["Boot services", "firmware, PCR 5", "left"]],
    ],
  ]);
});

Deno.test("tellClaims() counts the images that it does not list", () => {
  const image = { ...ORIGIN, register: 4, digests: { sha256: "ab".repeat(32) }, statedType: "x" };
  const rows = rowsOf({ applications: Array.from({ length: 11 }, () => image) });
  assert.equal(rows.length, 9);
  assert.deepEqual(rows[0], ["Booted", "firmware, PCR 4", "sha256:abababababababab…abababab"]);
  assert.deepEqual(rows[8], ["Booted", "", "and 3 more"]);
});
