import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { OF_JOINER, OF_MEMBER, OF_NEWCOMER } from "../../../tests/statements.ts";
import type { RuntimeRegister } from "../evidence.ts";
import { judgePhase } from "./phase.ts";
import type { Statement } from "./statement.ts";

/** What a register holds after some digests, by the machine's own hash. */
function extended(bank: "sha256" | "sha384", ...digests: readonly Uint8Array[]): string {
  const start = new Uint8Array(bank === "sha256" ? 32 : 48);
  return digests.reduce<Uint8Array>(
    (old, digest) => createHash(bank).update(old).update(digest).digest(),
    start,
  ).reduce((hex, byte) => hex + byte.toString(16).padStart(2, "0"), "");
}

function digestOf(bank: string, ...fields: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = createHash(bank);
  for (const field of fields) {
    const bytes = typeof field === "string" ? new TextEncoder().encode(field) : field;
    hash.update(Uint8Array.of(0, 0, 0, bytes.length)).update(bytes);
  }
  return hash.digest();
}

/** Both banks of PCR 15 as each phase leaves them. */
function registersOf(statement: Statement): readonly RuntimeRegister[] {
  return (["sha256", "sha384"] as const).map((bank) => {
    const cluster = digestOf(bank, "casemate/phase/cluster", new Uint8Array(32).fill(0xc2));
    const sequence = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7);
    const member = digestOf(bank, "casemate/phase/member", "control-plane", "node-1.a", sequence);
    const digests = { zero: [], cluster: [cluster], member: [cluster, member] }[statement.phase];
    return { bank, register: 15, value: extended(bank, ...digests) };
  });
}

Deno.test("judgePhase() holds where every bank has what the phase extended", () => {
  for (const statement of [OF_NEWCOMER, OF_JOINER, OF_MEMBER]) {
    const [first, second] = registersOf(statement);
    assert.ok(first !== undefined && second !== undefined);
    for (const registers of [[first, second], [first], [second]]) {
      const { id, holds, required } = judgePhase(statement, registers);
      assert.deepEqual([id, holds, required], ["phase.measured", true, undefined]);
    }
    const rtmr: RuntimeRegister = { ...second, register: 3 };
    assert.equal(judgePhase(statement, [rtmr]).holds, true);
  }
});

Deno.test("judgePhase() refuses where one bank holds anything else", () => {
  for (const statement of [OF_NEWCOMER, OF_JOINER, OF_MEMBER]) {
    const registers = registersOf(statement);
    for (const at of registers.keys()) {
      for (
        const bend of [(value: string) => `f${value.slice(1)}`, () => "", (v: string) => `${v}00`]
      ) {
        const bent = registers.map((given, i) =>
          i === at ? { ...given, value: bend(given.value) } : given
        );
        const judged = judgePhase(statement, bent);
        assert.deepEqual([judged.holds, judged.code], [false, "statement.phase_mismatch"]);
        assert.ok(judged.actual?.includes(bent[at]?.bank ?? "?"), judged.actual ?? "");
      }
    }
  }
});

Deno.test("judgePhase() refuses the register of another phase, cluster, name, role or sequence", () => {
  const registers = registersOf(OF_MEMBER);
  const others: readonly Statement[] = [
    OF_NEWCOMER,
    OF_JOINER,
    { ...OF_MEMBER, clusterId: "c3".repeat(32) },
    { ...OF_MEMBER, role: "worker" },
    { ...OF_MEMBER, nodeName: "node-1.b" },
    { ...OF_MEMBER, manifestSequence: 8 },
    { ...OF_MEMBER, role: "control-planen", nodeName: "ode-1.a" },
  ];
  for (const other of others) assert.equal(judgePhase(other, registers).holds, false);
});

Deno.test("judgePhase() leaves open what no register holds, and demands the one that was not quoted", () => {
  const unmeasured = judgePhase(OF_MEMBER, null);
  assert.deepEqual(
    [unmeasured.id, unmeasured.holds, unmeasured.required, unmeasured.code],
    ["phase.unmeasured", null, false, null],
  );
  const missing = judgePhase(OF_MEMBER, []);
  assert.deepEqual(
    [missing.id, missing.holds, missing.required ?? true, missing.code],
    ["phase.measured", null, true, "statement.phase_not_quoted"],
  );
});
