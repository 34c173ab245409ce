/**
 * Vectors of what binds statements, and of the registers of their phases.
 *
 * @module
 */
import { toHex } from "../../../src/core/bytes.ts";
import {
  bindingOf,
  qualifyingDataOf,
  reportDataOf,
  runtimeRegisterOf,
} from "../../../src/evidence/statement/binding.ts";
import { writeStatement } from "../../../src/evidence/statement/read.ts";
import type { BindingVectors } from "./shapes.ts";
import { JOINER, MEMBER, NEWCOMER, STATEMENTS } from "./statements.ts";

/** Name of a key: SHA-256, then the digest. */
const AK_NAME = Uint8Array.from([0x00, 0x0b, ...new Uint8Array(32).fill(0x3a)]);
const REPORT = Uint8Array.from({ length: 1184 }, (_, i) => i & 0xff);

/** Vectors of bindings and registers. */
export function bindingVectors(): BindingVectors {
  const nonce = Uint8Array.from({ length: 32 }, (_, i) => i);
  const none = new Uint8Array();
  const bindings = [
    bound(nonce, writeStatement(MEMBER), none, null),
    bound(nonce, writeStatement(MEMBER), AK_NAME, REPORT),
    bound(nonce, writeStatement(JOINER), AK_NAME, REPORT.subarray(0, 1)),
    bound(nonce.map((byte) => byte ^ 0xff), writeStatement(NEWCOMER), none, REPORT),
  ];
  const registers = Object.values(STATEMENTS).map((statement) => ({
    statement: toHex(writeStatement(statement)),
    sha256: toHex(runtimeRegisterOf("sha256", statement)),
    sha384: toHex(runtimeRegisterOf("sha384", statement)),
  }));
  return { bindings, registers };
}

function bound(
  nonce: Uint8Array,
  statement: Uint8Array,
  akName: Uint8Array,
  report: Uint8Array | null,
): BindingVectors["bindings"][number] {
  const binding = bindingOf(nonce, statement);
  return {
    nonce: toHex(nonce),
    statement: toHex(statement),
    binding: toHex(binding),
    akName: toHex(akName),
    reportData: toHex(reportDataOf(binding, akName)),
    report: report === null ? null : toHex(report),
    qualifyingData: toHex(qualifyingDataOf(binding, report)),
  };
}
