/**
 * A join service that is none: it speaks the protocol as a control plane does,
 * judges nobody, and takes in whoever tells it who they are.
 *
 * @module
 */

import { type HpkeKey, makeHpkeKey } from "../../../src/channel/hpke.ts";
import { type Leaf, makeLeaf } from "../../../src/channel/leaf.ts";
import { NonceIssuer } from "../../../src/channel/nonces.ts";
import type { Appraised, Appraiser, Attester, Given } from "../../../src/channel/peer.ts";
import { createChannelServer } from "../../../src/channel/server.ts";
import { fromHex, toHex } from "../../../src/core/bytes.ts";
import { readDsse } from "../../../src/core/dsse.ts";
import { plainHash } from "../../../src/core/labelled_hash.ts";
import type { ChannelRequest } from "../../../src/core/node_ports.ts";
import { readEnvelope } from "../../../src/evidence/envelope/envelope.ts";
import { collectEnvelope, issuerOf } from "../../../src/evidence/issuers.ts";
import { readStatement, writeStatement } from "../../../src/evidence/statement/read.ts";
import type { Statement } from "../../../src/evidence/statement/statement.ts";
import type { VariantId } from "../../../src/evidence/variants/facts.ts";
import { type InitAnswer, type InitBody, OWNER_REQUEST } from "../../../src/protocol/init.ts";
import type { JoinAnswer } from "../../../src/protocol/join.ts";
import { readMessage } from "../../../src/protocol/message.ts";
import type { ManifestAnswer } from "../../../src/protocol/status.ts";
import type { RogueMachine } from "../joiner/machine.ts";
import { type Handle, listen, type Tap } from "./tap.ts";
import { RANDOM, VARIANT } from "./owner.ts";

/** Name that it gives to whom it takes in. */
export const STOLEN = "stolen-1";

/** What a rogue is. */
export interface RogueParts {
  /** Manifests that it tells. */
  readonly told: ManifestAnswer;
  /** What it says of itself, beside keys and questions. */
  readonly says: Says;
  /** Makes its evidence. */
  readonly evidence: Evidence;
  /** Its time; default is now. */
  readonly now?: () => Date;
  /** Key that it states in place of its own, hex. */
  readonly hpkeKey?: string;
  /** Answers before it does. */
  readonly before?: (request: ChannelRequest) => ReturnType<Handle> | null;
}

/** What a statement says of who it is. */
export type Says = Pick<
  Statement,
  "clusterId" | "phase" | "role" | "nodeName" | "manifestSequence" | "manifestDigest"
>;

/** Makes an envelope around a statement. */
export type Evidence = (statement: Uint8Array, nonce: Uint8Array) => Promise<Uint8Array>;

/** A rogue that listens. */
export interface Rogue extends Tap {
  /** Its certificate. */
  readonly leaf: Leaf;
  /** What it was given to initialise a cluster with. */
  readonly given: readonly InitBody[];
}

/**
 * Evidence of a machine, whatever is stated.
 *
 * @param machine The machine.
 * @param variant What it is shown as.
 */
export function evidenceOf({ devices }: RogueMachine, variant: VariantId = VARIANT): Evidence {
  const tee = variant === VARIANT ? devices.tee : null;
  return (statement, nonce) =>
    collectEnvelope(issuerOf(variant), { ...devices, tee }, statement, nonce);
}

/**
 * Starts one.
 *
 * @param parts What it is.
 * @param variant What its evidence is of.
 */
export async function startRogue(
  parts: RogueParts,
  variant: VariantId = VARIANT,
): Promise<Rogue> {
  const leaf = await makeLeaf({ random: RANDOM, hosts: [] });
  const hpke = await makeHpkeKey();
  const attester = attesterOf(parts, { leaf, hpke, variant });
  const given: InitBody[] = [];
  const serve = createChannelServer({
    attester,
    appraiser: () => CREDULOUS,
    keys: () => ({ hpke: [hpke], leaf: leaf.certificate }),
    nonces: new NonceIssuer({ secret: RANDOM.bytes(32), bootId: BOOT, random: RANDOM, monotonic }),
    ...{ random: RANDOM, monotonic },
    handlers: {
      ownerAttest: (request) => Promise.resolve(askedBy(request)),
      init: ({ body }) => Promise.resolve(initialised(parts, body, given, leaf)),
      join: () => Promise.resolve(takenIn(parts, leaf.certificate)),
      renew: () => Promise.reject(new Error("It renews nothing")),
      manifests: () => Promise.resolve(parts.told),
      update: () => Promise.reject(new Error("It learns nothing")),
      status: () => Promise.reject(new Error("It tells nothing")),
    },
  });
  const tap = listen(leaf, (request) => parts.before?.(request) ?? serve(request));
  return { ...tap, [Symbol.asyncDispose]: tap[Symbol.asyncDispose], leaf, given };
}

const monotonic = (): number => performance.now();

const BOOT = toHex(RANDOM.bytes(16));

function attesterOf(
  { says, evidence, hpkeKey }: RogueParts,
  { leaf, hpke, variant }: {
    readonly leaf: Leaf;
    readonly hpke: HpkeKey;
    readonly variant: VariantId;
  },
): Attester {
  const made: Uint8Array[] = [];
  return {
    async attest({ nonce, purpose, audience, requestDigest }): Promise<Given> {
      const statement = writeStatement({
        ...{ v: 1, variant, purpose, audience, requestDigest, ...says, bootId: BOOT },
        ...{ tlsSpki: toHex(leaf.spki), hpkeKey: hpkeKey ?? toHex(hpke.publicKey), logHead: "" },
      });
      made.push(statement);
      return { envelope: await evidence(statement, nonce), statement };
    },
    statementOf: (_, digest) =>
      made.find((statement) => toHex(plainHash("sha256", statement)) === digest) ?? null,
  };
}

/** Believes everybody. */
export const CREDULOUS: Appraiser = {
  appraise(envelope): Promise<Appraised> {
    const { statement } = readEnvelope(envelope);
    return Promise.resolve({
      statement: readStatement(statement),
      statementDigest: toHex(plainHash("sha256", statement)),
      evidenceDigest: toHex(plainHash("sha256", envelope)),
      ...{ variant: VARIANT, verdict: "lab-trusted", account: "", machine: "00".repeat(32) },
    });
  },
};

/**
 * What it answers to whom it takes in.
 *
 * @param parts What it is.
 * @param certificate A certificate, DER; nobody looks at it yet.
 */
export function takenIn(
  { told, says, now = () => new Date() }: RogueParts,
  certificate: Uint8Array,
): JoinAnswer {
  return {
    v: 1,
    ...{ role: "worker", nodeName: STOLEN, lease: "1e".repeat(32), leaseSeconds: 60 },
    ...{ manifestSequence: says.manifestSequence, ...told },
    ...{ certificate, nodeAuthority: certificate },
    ...{ peers: [], time: momentOf(now()), controlPlane: null },
  };
}

/** What an owner's request asks for, whoever signed it. */
function askedBy(request: Uint8Array) {
  const { payload } = readDsse(request, "a request");
  const { nonce } = readMessage(OWNER_REQUEST, payload);
  const audience = toHex(plainHash("sha256", payload));
  return { nonce: fromHex(nonce), purpose: "init", audience, requestDigest: audience } as const;
}

function initialised(
  { says }: RogueParts,
  body: InitBody,
  given: InitBody[],
  { certificate }: Leaf,
): InitAnswer {
  given.push(body);
  const last = body.manifests.at(-1);
  const manifestDigest = last === undefined
    ? says.manifestDigest
    : toHex(plainHash("sha256", readDsse(last, "a manifest").payload));
  return {
    v: 1,
    ...{ role: "control-plane", nodeName: STOLEN, manifestDigest },
    ...{ nodeAuthority: certificate, already: "no" },
  };
}

function momentOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}
