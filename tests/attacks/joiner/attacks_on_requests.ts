/**
 * Attacks with evidence of genuine machines that was made for something else.
 *
 * @module
 */

import { fromHex, toHex } from "../../../src/core/bytes.ts";
import { canonicalJson } from "../../../src/core/canonical_json.ts";
import { readEnvelope, writeEnvelope } from "../../../src/evidence/envelope/envelope.ts";
import { JOIN_PATH } from "../../../src/protocol/paths.ts";
import type { Attack, Scene } from "./attack.ts";
import * as channel from "./channel_defences.ts";
import * as evidence from "./evidence_defences.ts";
import * as place from "./place_defences.ts";
import { questionOf, type Request } from "./stating.ts";
import { RANDOM } from "./lab.ts";
import { type Answered, messageOf, post, send } from "./wire.ts";

/** Life of a nonce, and some room, ms. */
const LIFETIME = { usual: 61_000, weakened: 700 } as const;

type Question = ReturnType<typeof questionOf>;

/** Asks to be admitted with evidence that answers another question. */
async function answering(
  { joiner, url }: Scene,
  other: (question: Question) => Partial<Question>,
): Promise<() => Promise<Answered>> {
  const session = await joiner.session(url);
  const request: Request = { purpose: "join", exact: joiner.joinBody() };
  const question = questionOf(session, "join", request.exact);
  const given = await joiner.evidence({ ...question, ...other(question) });
  return () => joiner.sendWith(session, request, given);
}

/** Evidence that a victim gave for a request of its own, in the attacker's hands. */
async function stolen({ joiner, another, url }: Scene) {
  const victim = await another();
  const session = await joiner.session(url);
  const request: Request = { purpose: "join", exact: victim.joinBody() };
  const question = questionOf(session, "join", request.exact);
  return { session, request, question, given: await victim.evidence(question) };
}

/** The attacks. */
export const ATTACKS_ON_REQUESTS: readonly Attack[] = [
  {
    says: "a recorded request, sent again",
    code: "channel.nonce_used",
    async prepare({ joiner, url }) {
      const session = await joiner.session(url);
      const request: Request = { purpose: "join", exact: joiner.joinBody() };
      const given = await joiner.evidence(questionOf(session, "join", request.exact));
      const recorded = await joiner.seal(session, request, given);
      const first = await send(session, recorded);
      if (first.answer === null) throw new Error(`The recorded request was refused: ${first.code}`);
      return () => post(session, JOIN_PATH, messageOf(session, recorded));
    },
    off: [channel.spent],
  },
  {
    says: "a nonce that somebody used, with new evidence",
    code: "channel.nonce_used",
    async prepare({ joiner, another, url }) {
      const session = await joiner.session(url);
      const exact = joiner.joinBody();
      const other = await another();
      const first = await other.ask(session, { purpose: "join", exact: other.joinBody() });
      if (first.answer === null) throw new Error(`The first use was refused: ${first.code}`);
      return () => joiner.ask(session, { purpose: "join", exact });
    },
    off: [channel.spent],
  },
  {
    says: "a nonce that is a minute old",
    code: "channel.nonce_expired",
    async prepare({ joiner, url, weakened, old }) {
      const [session, since, life] = weakened
        ? [await joiner.session(url), performance.now(), LIFETIME.weakened]
        : [old.session, old.since, LIFETIME.usual];
      const left = Math.max(0, since + life - performance.now());
      await new Promise((done) => setTimeout(done, left));
      return () => joiner.ask(session, { purpose: "join", exact: joiner.joinBody() });
    },
    off: [channel.expiry, channel.shortLife],
  },
  {
    says: "a nonce that the server did not give",
    code: "channel.nonce_unknown",
    async prepare({ joiner, url }) {
      const session = { ...await joiner.session(url), serverNonce: toHex(RANDOM.bytes(32)) };
      return () => joiner.ask(session, { purpose: "join", exact: joiner.joinBody() });
    },
    off: [channel.issued],
  },
  {
    says: "a victim's evidence under a statement of the attacker's keys",
    code: "snp.report_data_mismatch",
    async prepare(scene) {
      const { joiner } = scene;
      const { session, request, question, given } = await stolen(scene);
      const statement = canonicalJson({ ...joiner.statement(question) });
      const { variant, files } = readEnvelope(given.envelope);
      const envelope = writeEnvelope(variant, statement, files);
      return () => joiner.sendWith(session, request, { envelope, statement });
    },
    // The report and the quote both answer the statement.
    off: [evidence.reportData, evidence.qualifyingData],
  },
  {
    says: "a victim's evidence, sealed by the attacker's key",
    code: "channel.sealed",
    async prepare(scene) {
      const { joiner, weakened } = scene;
      const { session, request, given } = await stolen(scene);
      // Who asks for no sender's key opens what has none.
      return () => joiner.sendWith(session, request, given, weakened ? null : joiner.hpke);
    },
    off: [channel.sender],
  },
  {
    says: "a victim's evidence, sealed by nobody's key",
    code: "channel.sealed",
    async prepare(scene) {
      const { session, request, given } = await stolen(scene);
      return () => scene.joiner.sendWith(session, request, given, null);
    },
    off: [channel.sender],
  },
  {
    says: "evidence for another server",
    code: "statement.audience_mismatch",
    prepare: (scene) => answering(scene, () => ({ audience: toHex(RANDOM.bytes(32)) })),
    off: [channel.audience],
  },
  {
    says: "evidence to renew a lease",
    code: "statement.purpose_mismatch",
    prepare: (scene) => answering(scene, () => ({ purpose: "renew" })),
    // The join service would not take another purpose either.
    off: [channel.purpose, place.purposeInService],
  },
  {
    says: "evidence to serve",
    code: "statement.request_mismatch",
    prepare: (scene) => answering(scene, () => ({ purpose: "serve", requestDigest: "" })),
    // It names no request, neither that which is sealed, nor the purpose here and in the service.
    off: [
      channel.emptyRequest,
      channel.noRequest,
      channel.body,
      channel.purpose,
      place.purposeInService,
    ],
  },
  {
    says: "a request that was changed after evidence was given",
    code: "statement.request_mismatch",
    async prepare({ joiner, url }) {
      const session = await joiner.session(url);
      const given = await joiner.evidence(questionOf(session, "join", joiner.joinBody()));
      const changed = joiner.joinBody({ url: "https://127.0.0.1:1" });
      return () => joiner.sendWith(session, { purpose: "join", exact: changed }, given);
    },
    off: [channel.body],
  },
  {
    says: "evidence for another nonce",
    code: "snp.report_data_mismatch",
    prepare: (scene) =>
      answering(scene, ({ nonce }) => ({ nonce: fromHex(toHex(nonce).replace(/^../, "00")) })),
    // The report and the quote both answer the nonce.
    off: [evidence.reportData, evidence.qualifyingData],
  },
];
