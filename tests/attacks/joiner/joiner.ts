/**
 * A node of whoever wants into the cluster: it can do all that an honest one
 * does, and every step of it otherwise.
 *
 * @module
 */

import { attestServer } from "../../../src/channel/client.ts";
import {
  type HpkeKey,
  makeHpkeKey,
  type SealContext,
  sealRequest,
} from "../../../src/channel/hpke.ts";
import { makeLeaf } from "../../../src/channel/leaf.ts";
import type { EvidenceQuestion, Given } from "../../../src/channel/peer.ts";
import type { Session } from "../../../src/channel/session.ts";
import { fromHex, toHex } from "../../../src/core/bytes.ts";
import { plainHash } from "../../../src/core/labelled_hash.ts";
import { canonicalJson } from "../../../src/core/canonical_json.ts";
import { writeEnvelope } from "../../../src/evidence/envelope/envelope.ts";
import { issuerOf } from "../../../src/evidence/issuers.ts";
import { bindingOf } from "../../../src/evidence/statement/binding.ts";
import type { Statement } from "../../../src/evidence/statement/statement.ts";
import {
  JOIN_ANSWER,
  JOIN_BODY,
  type JoinAnswer,
  type JoinBody,
  RENEW_ANSWER,
  RENEW_BODY,
  type RenewAnswer,
  type RenewBody,
} from "../../../src/protocol/join.ts";
import { readMessage, writeMessage } from "../../../src/protocol/message.ts";
import { JOIN_PATH, RENEW_PATH } from "../../../src/protocol/paths.ts";
import { askingAt, type JoinLab, RANDOM } from "./lab.ts";
import type { RogueMachine } from "./machine.ts";
import {
  type Asked,
  NOTHING_ASKED,
  questionOf,
  type Request,
  type Said,
  VARIANT,
  variantNamed,
} from "./stating.ts";
import { type Answered, opened, type Sealed, send } from "./wire.ts";

/** A joiner. */
export class Joiner {
  readonly #lab: JoinLab;
  readonly #spki: string;
  readonly #states: string;
  /** Its machine. */
  readonly machine: RogueMachine;
  /** Its key. */
  readonly hpke: HpkeKey;
  /** Where it says that it answers. */
  readonly url: string = `https://127.0.0.1:${20_000 + (RANDOM.bytes(1)[0] ?? 0)}`;

  private constructor(
    lab: JoinLab,
    machine: RogueMachine,
    { hpke, spki, states }: { hpke: HpkeKey; spki: string; states: string },
  ) {
    this.#lab = lab;
    this.machine = machine;
    this.hpke = hpke;
    this.#spki = spki;
    this.#states = states;
  }

  /**
   * Starts it: its boot is in phase `cluster`.
   *
   * @param lab The cluster that it wants into.
   * @param machine Its machine, just booted.
   * @param states Cluster that it says it is of, hex.
   */
  static async start(
    lab: JoinLab,
    machine: RogueMachine,
    states: string = lab.clusterId,
  ): Promise<Joiner> {
    const leaf = await makeLeaf({ random: RANDOM, hosts: [] });
    const keys = { hpke: await makeHpkeKey(), spki: toHex(leaf.spki) };
    const joiner = new Joiner(lab, machine, { ...keys, states });
    await machine.enter("cluster", joiner.statement(NOTHING_ASKED));
    return joiner;
  }

  /**
   * What it states.
   *
   * @param question What is asked.
   * @param said What it says otherwise.
   */
  statement({ purpose, audience, requestDigest }: Asked, said: Said = {}): Statement {
    return {
      v: 1,
      ...{ purpose, variant: VARIANT, audience, requestDigest },
      clusterId: this.#states,
      ...{ manifestDigest: "", manifestSequence: 0, role: "", nodeName: "" },
      ...{ bootId: this.machine.bootId, tlsSpki: this.#spki },
      hpkeKey: toHex(this.hpke.publicKey),
      ...{ phase: "cluster", logHead: "" },
      ...said,
    };
  }

  /**
   * Its evidence.
   *
   * @param question What is asked.
   * @param said What it says otherwise.
   */
  async evidence(
    question: EvidenceQuestion,
    said: Said = {},
  ): Promise<Given> {
    const stated = this.statement(question, said);
    // Nothing reads it on its way: it may contradict itself.
    const statement = canonicalJson({ ...stated });
    const { purpose, nonce } = question;
    const asked = { binding: bindingOf(nonce, statement), purpose };
    const files = await issuerOf(variantNamed(stated.variant)).issue(this.machine.devices, asked);
    return { envelope: writeEnvelope(stated.variant, statement, files), statement };
  }

  /**
   * Asks a server for its evidence, and verifies it.
   *
   * @param url Where it answers.
   */
  async session(url: string): Promise<Session> {
    const { appraiser, clusterId } = this.#lab;
    const expected = { clusterId, role: "control-plane" } as const;
    return await attestServer(askingAt(url), { appraiser, expected });
  }

  /**
   * The exact bytes of a request to be admitted.
   *
   * @param asks What it asks otherwise than to be a guest.
   */
  joinBody(asks: Partial<JoinBody> = {}): Uint8Array {
    const body = {
      v: 1,
      group: "guest",
      url: this.url,
      manifestSequence: 0,
      ticket: null,
    } as const;
    return writeMessage(JOIN_BODY, { ...body, ...asks });
  }

  /**
   * The exact bytes of a request to renew a lease.
   *
   * @param lease The lease, hex.
   */
  renewBody(lease: string): Uint8Array {
    const body: RenewBody = { v: 1, lease, url: this.url, manifestSequence: 2 };
    return writeMessage(RENEW_BODY, body);
  }

  /**
   * Sends a request with evidence that fits it, but for what is said otherwise.
   *
   * @param session The server.
   * @param request The request.
   */
  async ask(session: Session, request: Request): Promise<Answered> {
    const { purpose, exact, said = {} } = request;
    const question = questionOf(session, purpose, exact);
    return await this.sendWith(session, request, await this.evidence(question, said));
  }

  /**
   * Sends a request with some evidence.
   *
   * @param session The server.
   * @param request The request.
   * @param given The evidence.
   * @param sender Key that seals; null for none.
   */
  async sendWith(
    session: Session,
    { purpose, exact }: Request,
    given: Given,
    sender: HpkeKey | null = this.hpke,
  ): Promise<Answered> {
    return await send(session, await this.seal(session, { purpose, exact }, given, sender));
  }

  /**
   * Seals a request with some evidence.
   *
   * @param session The server.
   * @param request The request.
   * @param given The evidence.
   * @param sender Key that seals; null for none.
   */
  async seal(
    session: Session,
    { purpose, exact }: Request,
    { envelope, statement }: Given,
    sender: HpkeKey | null = this.hpke,
  ): Promise<Sealed> {
    const path = purpose === "renew" ? RENEW_PATH : JOIN_PATH;
    const context: SealContext = {
      purpose,
      serverNonce: fromHex(session.serverNonce),
      clientNonce: fromHex(session.clientNonce),
      serverStatement: fromHex(session.statementDigest),
      clientStatement: plainHash("sha256", statement),
      ...{ method: "POST", path },
    };
    const sealed = await sealRequest(session.hpkeKey, sender, context, exact);
    return { path, envelope, ...sealed };
  }

  /**
   * Joins as an honest node does.
   *
   * @param url Where the server answers.
   * @param asks What it asks otherwise than to be a guest.
   * @param said What it states otherwise.
   * @throws {Error} where it is refused.
   */
  async join(url: string, asks: Partial<JoinBody> = {}, said: Said = {}): Promise<JoinAnswer> {
    const request = { purpose: "join", exact: this.joinBody(asks), said } as const;
    return readMessage(JOIN_ANSWER, opened(await this.ask(await this.session(url), request)));
  }

  /**
   * Renews as an honest member does.
   *
   * @param url Where the server answers.
   * @param lease The lease, hex.
   * @param said What it was admitted as.
   * @throws {Error} where it is refused.
   */
  async renew(url: string, lease: string, said: Said): Promise<RenewAnswer> {
    const request = { purpose: "renew", exact: this.renewBody(lease), said } as const;
    return readMessage(RENEW_ANSWER, opened(await this.ask(await this.session(url), request)));
  }

  /**
   * Becomes the member that it, or somebody else, was admitted as.
   *
   * @param admitted The answer.
   * @returns What it states from now on.
   */
  async become(
    admitted: Pick<JoinAnswer, "role" | "nodeName" | "manifestSequence">,
  ): Promise<Said> {
    const { manifestDigest } = this.#lab;
    const { role, nodeName, manifestSequence } = admitted;
    const said = { phase: "member", role, nodeName, manifestSequence, manifestDigest } as const;
    await this.machine.enter("member", this.statement(NOTHING_ASKED, said));
    return said;
  }
}
