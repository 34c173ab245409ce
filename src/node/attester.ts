/**
 * Evidence of this node, for those who may ask for it in its phase (protocol §3, §4).
 *
 * There are two doors. Whoever reaches the node asks at the open one, for
 * `serve`, and for `init` over a request that the owner signed. The node's own
 * routines ask at the inner one, for `join` and `renew`. Evidence for joining is
 * never made of an admitted node, by either.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import { plainHash } from "../core/labelled_hash.ts";
import type { Attester, EvidenceQuestion, Given } from "../channel/peer.ts";
import { writeStatement } from "../evidence/statement/read.ts";
import type { Phase, Purpose, Statement } from "../evidence/statement/statement.ts";
import type { KeyRing, StatedKeys } from "./keys.ts";
import { nodeError } from "./refusal.ts";
import type { NodeSelf } from "./self.ts";
import type { Serial } from "./serial.ts";

/** Where evidence is asked for. */
export type Door = "open" | "inner";

/** What an attester is made of. */
export interface AttesterParts {
  /** The node. */
  readonly self: NodeSelf;
  /** Its keys. */
  readonly keys: Pick<KeyRing, "stated">;
  /**
   * Collects an envelope, of devices that were seen to give a report where the variant has one.
   *
   * @param statement Exact bytes.
   * @param nonce The nonce, 32 bytes.
   */
  readonly collect: (statement: Uint8Array, nonce: Uint8Array) => Promise<Uint8Array>;
  /** Orders work on the devices. */
  readonly serial: Serial;
  /**
   * Whether the owner signed a request for that purpose.
   *
   * @param audience SHA-256 of the request, hex.
   * @param purpose The purpose.
   */
  readonly ownerAsked: (audience: string, purpose: Purpose) => boolean;
}

/** Who may ask for what, and in which phases. */
const RULES: Readonly<
  Record<Purpose, { readonly door: Door; readonly phases: readonly Phase[]; owner?: true }>
> = {
  "serve": { door: "open", phases: ["zero", "cluster", "member"] },
  "init": { door: "open", phases: ["cluster"], owner: true },
  "recover": { door: "open", phases: ["cluster"], owner: true },
  "join": { door: "inner", phases: ["cluster"] },
  "unlock": { door: "inner", phases: ["cluster"] },
  "renew": { door: "inner", phases: ["member"] },
  "cluster-cert": { door: "inner", phases: ["member"] },
};

/**
 * The evidence of a node at one of its doors.
 *
 * @param parts The node, its keys and devices.
 * @param door Where it is asked.
 */
export function createAttester(parts: AttesterParts, door: Door): Attester {
  const { self, keys, collect, serial } = parts;
  return {
    attest: (question): Promise<Given> =>
      // All that the statement says is read where nobody changes it, registers included.
      serial.run(async () => {
        refuseQuestion(parts, door, question);
        const statement = statementFor(self, keys.stated[0], question);
        return { envelope: await collect(statement, question.nonce), statement };
      }),
    statementOf(question, digest) {
      if (!isAnswered(parts, door, question)) return null;
      for (const stated of keys.stated) {
        const statement = statementFor(self, stated, question);
        if (toHex(plainHash("sha256", statement)) === digest) return statement;
      }
      return null;
    },
  };
}

function statementFor(
  self: NodeSelf,
  keys: StatedKeys,
  { purpose, audience, requestDigest }: EvidenceQuestion,
): Uint8Array<ArrayBuffer> {
  const statement: Statement = { ...self.members, ...keys, purpose, audience, requestDigest };
  return writeStatement(statement);
}

function isAnswered(parts: AttesterParts, door: Door, question: EvidenceQuestion): boolean {
  return refusalOf(parts, door, question) === null;
}

function refuseQuestion(parts: AttesterParts, door: Door, question: EvidenceQuestion): void {
  const reason = refusalOf(parts, door, question);
  if (reason === null) return;
  if (parts.self.fenced) throw nodeError("node.fenced", reason);
  const { purpose } = question;
  const { phase } = parts.self.mark;
  throw nodeError("node.purpose_refused", reason, { fields: { purpose, phase, door } });
}

/** Why a question is not answered; null where it is. */
function refusalOf(
  { self, ownerAsked }: AttesterParts,
  door: Door,
  { purpose, audience, requestDigest }: EvidenceQuestion,
): string | null {
  const rule = RULES[purpose];
  const { phase } = self.mark;
  if (self.fenced) return "it gives no evidence any more";
  if (rule.door !== door) return `${purpose} was asked for at the ${door} door`;
  if (!rule.phases.includes(phase)) return `${purpose} was asked for in phase ${phase}`;
  if (rule.owner === true && !ownerAsked(audience, purpose)) {
    return `${purpose} was asked for without a request of the owner`;
  }
  if (purpose === "serve" && requestDigest !== "") return "serve was asked for with a request";
  return null;
}
