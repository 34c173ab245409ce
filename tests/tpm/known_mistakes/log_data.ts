/**
 * Data of events, which are as good as their hash.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../../mod.ts";
import { concat, fromHex, toHex } from "../../../src/core/bytes.ts";
import { EVENT_TYPES, hashOf, type LabEvent, writeAgileLog } from "../../../src/lab/mod.ts";
import { utf16 } from "../../../src/lab/tpm/uefi.ts";
import { realEntry } from "../../corpus.ts";
import {
  ask,
  assertCode,
  assertGood,
  claimsOf,
  logOf,
  mint,
  ofBootLoader,
  straight,
} from "./attack.ts";
import { overReal, realBoot } from "./real.ts";

const BANKS = ["sha1", "sha256", "sha384"] as const;

/** Whose data must hash to the digest (PFP Table 27). */
const HASHED_WHOLE: readonly number[] = [
  EVENT_TYPES.separator,
  5,
  EVENT_TYPES.efiVariableDriverConfig,
  EVENT_TYPES.efiGpt,
  EVENT_TYPES.efiAction,
];

async function asked(events: readonly LabEvent[], minted = straight): Promise<Result> {
  return await ask(minted, { files: { eventLog: await writeAgileLog(events, BANKS) } });
}

Deno.test("LOG-02 an edited event is refused where its data are hashed whole, and believed nowhere", async () => {
  const { events } = straight;
  const { claims: truth } = logOf(await ask(straight));
  let refused = 0;
  for (const [at, event] of events.entries()) {
    const data = event.data.with(-1, (event.data.at(-1) ?? 0) ^ 1);
    const result = await asked(events.with(at, { ...event, data }));
    if (HASHED_WHOLE.includes(event.type)) {
      assertCode(result, "logs.data_mismatch", `event ${at}`);
      refused++;
      continue;
    }
    assertGood(result, `event ${at}`);
    // What is still claimed was claimed before; some of it is gone, or said not to be complete.
    const believed = leavesOf(truth);
    for (const leaf of leavesOf(logOf(result).claims)) {
      assert.ok(believed.has(leaf) || leaf === "complete: false", `event ${at}: ${leaf}`);
    }
  }
  assert.ok(refused >= 15, `${refused} refused`);
});

/** All that claims say, each with its name; null says nothing. */
function leavesOf(claims: unknown): ReadonlySet<string> {
  const leaves = new Set<string>();
  JSON.stringify(claims, (name, value) => {
    const isLeaf = typeof value !== "object" || value === null;
    if (isLeaf && value !== null) leaves.add(`${/^\d+$/.test(name) ? "item" : name}: ${value}`);
    return value;
  });
  return leaves;
}

Deno.test("LOG-02 a lie in the place of a text is not shown as what was measured", async () => {
  const lie = "root=/dev/evil";
  const minted = await mint({ boot: { cmdlineOutside: true } });
  assert.match(logOf(await ask(minted)).claims.commandLine?.text ?? "", /^root=\/dev\/mapper/);
  const edited = minted.events.map((event) =>
    event.register === 12 ? { ...event, data: utf16(`${lie}\0`) } : event
  );
  const result = await asked(edited, minted);
  assert.equal(logOf(result).claims.commandLine, null);
  assert.ok(!JSON.stringify(result).includes(lie));
});

Deno.test("LOG-02 a digest that is changed with its data leads to another register", async () => {
  for (const bank of BANKS) {
    const { events } = straight;
    const at = events.findIndex(({ register }) => register === 7);
    const event = events[at];
    assert.ok(event);
    const data = event.data.with(-1, 0);
    const digests = { [bank]: await hashOf(bank, data) };
    const one = await asked(events.with(at, { ...event, data, digests }));
    assertCode(one, "logs.data_mismatch", `${bank} alone`);
    const all = await asked(events.with(at, { ...event, data, hashed: data }));
    assertCode(all, "logs.replay_mismatch", "every bank");
  }
});

Deno.test("LOG-02 digests of all banks must be of the same data, quoted or not", async () => {
  const { events } = straight;
  const at = events.findIndex(({ register }) => register === 7);
  const event = events[at];
  assert.ok(event);
  const other = { ...event, digests: { sha384: await hashOf("sha384", new Uint8Array(1)) } };
  assertCode(await asked(events.with(at, other)), "logs.data_mismatch", "SHA-384");
  const weak = { ...event, digests: { sha1: await hashOf("sha1", new Uint8Array(1)) } };
  assertGood(await asked(events.with(at, weak)), "SHA-1 says nothing");
});

Deno.test("LOG-02 the events that are shown are those that were replayed", async () => {
  for (const log of ["tcg-2", "cel-tlv", "cel-json"] as const) {
    const result = await ask(await mint({ log }));
    const { registers } = claimsOf(result);
    const shown = logOf(result).events;
    for (const { bank, register, value } of registers) {
      let replayed: Uint8Array = new Uint8Array(32);
      for (const event of shown.filter((one) => one.register === register)) {
        replayed = await hashOf("sha256", replayed, fromHex(event.digests[bank] ?? ""));
      }
      assert.equal(toHex(replayed), value, `${log}: PCR ${register}`);
    }
    assert.equal(shown.length, straight.events.length);
  }
});

Deno.test("LOG-02 values of variables without their names are no variables", async () => {
  // Hashed as boot variables are: the value alone, so that the name can be any.
  const events = straight.events.map((event): LabEvent =>
    event.type === EVENT_TYPES.efiVariableDriverConfig
      ? { ...event, type: EVENT_TYPES.efiVariableBoot, hashed: event.data.slice(-1) }
      : event
  );
  const minted = await mint({ bends: { events: () => events } });
  const result = await ask(minted);
  assertCode(result, "tpm.secure_boot_unknown");
  assert.equal(logOf(result).claims.secureBoot, null);
});

Deno.test({
  ...overReal(
    "LOG-02 a real log whose data were edited is refused, and so is one whose digest was",
  ),
  fn: async () => {
    const { events, banks } = await realBoot("tpm-eventlog/rhel8-uefi");
    const minted = await mint({ banks, bends: { events: () => events } });
    const section = { ...ofBootLoader(minted), secureBoot: "any" };
    const logOfCase = (name: string): Uint8Array =>
      realEntry(`tpm-eventlog/${name}`).input.files["event_log"] ?? concat();
    for (
      const [name, code] of [
        ["rhel8-uefi", null],
        ["neg-data-edited", "logs.data_mismatch"],
        ["neg-digest-edited", "logs.replay_mismatch"],
        ["neg-truncated", "logs.truncated"],
        ["ubuntu-2404-amd-sevsnp", "logs.replay_mismatch"],
      ] as const
    ) {
      const result = await ask(minted, { files: { eventLog: logOfCase(name) }, section });
      if (code === null) assertGood(result, name);
      else assertCode(result, code, name);
    }
  },
});

Deno.test({
  ...overReal("LOG-02 a real log of SHA-1 alone proves nothing, whatever leads to its registers"),
  fn: async () => {
    const { events, banks } = await realBoot("tpm-eventlog/debian-10-sha1-only");
    assert.deepEqual(banks, ["sha1"]);
    const registers = [0, 1, 2, 3, 4, 5, 6, 7];
    const weak = await mint({
      banks,
      log: "tcg-1.2",
      selection: [{ bank: "sha1", registers }],
      bends: { events: () => events },
    });
    const eventLog = realEntry("tpm-eventlog/debian-10-sha1-only").input.files["event_log"];
    const section = { registers: undefined, secureBoot: "any" };
    for (const files of [{ eventLog }, {}]) {
      const result = await ask(weak, { files, section });
      assertCode(result, "tpm.registers_not_pinned");
      const [replay] = result.findings.filter(({ id }) => id === "logs.replay");
      assert.deepEqual([replay?.kind, replay?.code], ["unchecked", "logs.bank_missing"]);
      const { claims, registers: compared } = logOf(result);
      assert.deepEqual(Object.values(claims).flat().filter((claim) => claim !== null), []);
      assert.deepEqual(
        new Set(compared.map(({ state, counts }) => `${state} ${counts}`)),
        new Set(["explained false"]),
      );
    }
  },
});
