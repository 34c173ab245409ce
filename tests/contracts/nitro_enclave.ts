/**
 * Nitro Enclaves under the contract suite.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import type { Bend, Contract } from "./contract.ts";
import {
  bendsOfDocument,
  DOCUMENT_DAMAGE,
  documentFields,
  OTHER_VALUE,
  pinsOf,
  registersWith,
} from "./nitro.ts";

/** Nonce of all vectors. */
const NONCE = new Uint8Array(32).fill(0xab);

/** Registers that the base pins, since bends have authorities of their own. */
const PINNED = { "0": ["a0".repeat(48)], "1": ["a1".repeat(48)], "2": ["a2".repeat(48)] };

const minted = await bendsOfDocument(
  { kind: "enclave", nonce: NONCE, registers: registersWith(PINNED) },
  (root) => [root],
);

/** Nitro Enclaves. */
export const nitroEnclaveContract: Contract = {
  signed: documentFields,
  damage: DOCUMENT_DAMAGE,
  together: [],
  forms: () => [],
  expired: "nitro.crl_expired",
  notYet: "nitro.crl_not_yet_valid",
  validityOf: ({ files }) =>
    files["documentCrls"] === undefined
      ? { expired: "nitro.certificate_expired", notYet: "nitro.certificate_not_yet_valid" }
      : { expired: "nitro.crl_expired", notYet: "nitro.crl_not_yet_valid" },
  otherNonce: "nitro.nonce_mismatch",
  base: "listed",
  bends: (base) => [...minted, ...ofPolicy(base)],
  shown: [{
    what: "a document that is cut short",
    bytes: Uint8Array.of(0x84, 0x44, 0xa1, 0x01, 0x38, 0x22, 0xa0),
    code: "nitro.cbor",
  }],
};

function ofPolicy(base: Vector): readonly Bend[] {
  const pins = pinsOf(base, "nitro-enclave");
  return [
    {
      what: "another value of a register",
      code: "nitro.register_mismatch",
      change: { section: { registers: { ...pins, "2": [OTHER_VALUE] } } },
    },
    {
      what: "a register that is not there",
      code: "nitro.register_missing",
      change: { section: { registers: { ...pins, "31": [OTHER_VALUE] } } },
    },
    {
      what: "a register that is not pinned",
      code: "nitro.registers_not_pinned",
      verdict: "platform-only",
      change: { section: { registers: { "0": pins["0"], "1": pins["1"] } } },
    },
    {
      what: "another module",
      code: "nitro.module_mismatch",
      change: { section: { registers: pins, modules: ["i-0fedcba9876543210"] } },
    },
    {
      what: "lists demanded and not given",
      code: "nitro.revocation_not_checked",
      verdict: "unavailable",
      change: {
        section: { registers: pins, revocation: "require" },
        files: { documentCrls: undefined },
      },
    },
  ];
}
