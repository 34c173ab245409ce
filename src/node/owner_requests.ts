/**
 * Requests for evidence that the owner of this cluster signed. They alone open
 * the door to evidence for init, and each says which initialisation follows it.
 *
 * @module
 */

import { equal, fromHex, toHex } from "../core/bytes.ts";
import { readDsse, verifyDsse } from "../core/dsse.ts";
import { CasemateError } from "../core/errors.ts";
import { plainHash } from "../core/labelled_hash.ts";
import { type PublicKey, readPublicKey } from "../core/signing_key.ts";
import type { EvidenceQuestion } from "../channel/peer.ts";
import type { Purpose } from "../evidence/statement/statement.ts";
import { CLUSTER_KINDS, clusterIdOf } from "../manifest/cluster_id.ts";
import { OWNER_REQUEST, OWNER_REQUEST_TYPE, type OwnerRequest } from "../protocol/init.ts";
import { readMessage, writeMessage } from "../protocol/message.ts";
import { nodeError } from "./refusal.ts";

/** Most requests that are kept; an owner makes one, and again where it broke off. */
const MAX_REQUESTS = 64;

/** Requests that were accepted in this boot. */
export class OwnerRequests {
  readonly #clusterId: string;
  readonly #accepted = new Map<string, OwnerRequest>();

  /**
   * Begins with none.
   *
   * @param clusterId The cluster that the node was launched for, hex.
   */
  constructor(clusterId: string) {
    this.#clusterId = clusterId;
  }

  /**
   * Takes a request of the owner that the cluster's id commits to.
   *
   * @param file DSSE, JSON.
   * @returns What evidence it asks for.
   * @throws {RejectedError} `node.owner_request`, `dsse.*`
   * @throws {InputError} `dsse.malformed`, `protocol.malformed`
   */
  async accept(file: Uint8Array): Promise<EvidenceQuestion> {
    const envelope = readDsse(file, "the owner's request");
    const request = readMessage(OWNER_REQUEST, envelope.payload);
    this.#refuseOther(request);
    await verifyDsse(envelope, OWNER_REQUEST_TYPE, [await ownerOf(request)]);
    // Only now: what nobody signed must not push out what the owner did.
    if (!equal(writeMessage(OWNER_REQUEST, request), envelope.payload)) {
      throw nodeError("node.owner_request", "it is not in canonical form");
    }
    const audience = toHex(plainHash("sha256", envelope.payload));
    this.#keep(audience, request);
    const { nonce, purpose } = request;
    return { nonce: fromHex(nonce), purpose, audience, requestDigest: audience };
  }

  /**
   * The request that evidence was made for; null where none was accepted.
   *
   * @param audience SHA-256 of it, hex.
   * @param purpose What it must be for.
   */
  find(audience: string, purpose: Purpose): OwnerRequest | null {
    const request = this.#accepted.get(audience);
    return request?.purpose === purpose ? request : null;
  }

  #keep(audience: string, request: OwnerRequest): void {
    this.#accepted.delete(audience);
    this.#accepted.set(audience, request);
    const [oldest] = this.#accepted.keys();
    if (this.#accepted.size > MAX_REQUESTS && oldest !== undefined) this.#accepted.delete(oldest);
  }

  #refuseOther({ clusterId, owner, random }: OwnerRequest): void {
    const fields = { expected: this.#clusterId, actual: clusterId };
    if (clusterId !== this.#clusterId) {
      const reason = `it is of cluster ${clusterId}, this node of ${this.#clusterId}`;
      throw nodeError("node.owner_request", reason, { fields });
    }
    const made = CLUSTER_KINDS.map((kind) => clusterIdOf(kind, fromHex(owner), fromHex(random)));
    if (made.includes(clusterId)) return;
    throw nodeError("node.owner_request", "its key and random bytes make another cluster's id", {
      fields,
    });
  }
}

async function ownerOf({ owner }: OwnerRequest): Promise<PublicKey> {
  try {
    const key = await readPublicKey(fromHex(owner));
    if (key.kind === "P-384") return key;
  } catch (cause) {
    if (!(cause instanceof CasemateError)) throw cause;
    throw nodeError("node.owner_request", "its key is no key of P-384", { cause });
  }
  throw nodeError("node.owner_request", "its key is no key of P-384");
}
