/**
 * Initialising a cluster: the owner's signed request for evidence, what is
 * sealed to the node then, and its answer.
 *
 * @module
 */

import { base64url } from "../core/base64url.ts";
import { object, oneNumber, oneOf, orNull, required, text } from "../core/decode.ts";
import { DIGEST, ID, MANIFESTS, MAYBE_DIGEST, MOMENT, POSITIVE, REFERENCES } from "./forms.ts";
import type { Message } from "./message.ts";
import { STORE_ACCESS, type StoreAccess } from "./store_access.ts";

/** DSSE payload type of an owner's request. */
export const OWNER_REQUEST_TYPE = "application/vnd.casemate.owner-request+json";

/** An owner's request for evidence; the owner signs its exact bytes, in canonical form. */
export interface OwnerRequest {
  /** Version of the form. */
  readonly v: 1;
  /** What the evidence is for. */
  readonly purpose: "init" | "recover";
  /** Id of the cluster. */
  readonly clusterId: string;
  /** The owner's key, SubjectPublicKeyInfo, DER, hex. */
  readonly owner: string;
  /** The 32 random bytes of manifest 1, hex: owner and random bytes make the id. */
  readonly random: string;
  /** Nonce that the evidence answers, hex. */
  readonly nonce: string;
  /**
   * SHA-256 of the exact bytes of {@linkcode InitBody} that will follow, hex; empty of `recover`. What is
   * sealed to the node is signed by nobody: without this, who sees a request could follow it up with an epoch root of its own.
   */
  readonly body: string;
  /** When the owner signed. */
  readonly issued: string;
}

/** What the owner seals to the first control plane. */
export interface InitBody {
  /** Version of the form. */
  readonly v: 1;
  /** The manifest chain, oldest first, each DSSE. */
  readonly manifests: readonly Uint8Array[];
  /** Signed documents of reference values whose digests the manifest has. */
  readonly references: readonly Uint8Array[];
  /** Epoch, from 1. */
  readonly epoch: number;
  /** K_e, 32 bytes, hex. */
  readonly epochRoot: string;
  /** The owner's time. */
  readonly time: string;
  /** Where the cluster's state is kept; null where the control plane keeps it in its own memory, which is for tests. */
  readonly store: StoreAccess | null;
}

/** What the first control plane answers. */
export interface InitAnswer {
  /** Version of the form. */
  readonly v: 1;
  /** Its role. */
  readonly role: "control-plane";
  /** Its name. */
  readonly nodeName: string;
  /** SHA-256 of the manifest's exact bytes. */
  readonly manifestDigest: string;
  /** Certificate of the cluster's authority for nodes, DER. */
  readonly nodeAuthority: Uint8Array;
  /** Whether all was done before, by the same request. */
  readonly already: "no" | "yes";
}

/** The owner's request. */
export const OWNER_REQUEST: Message<OwnerRequest> = {
  name: "owner's request",
  form: object<OwnerRequest>({
    v: required(oneNumber(1), "Version of the form"),
    purpose: required(oneOf("init", "recover"), "What the evidence is for"),
    clusterId: required(DIGEST, "Id of the cluster"),
    owner: required(text("(?:[0-9a-f]{2}){120}", "a P-384 key, DER in hex"), "The owner's key"),
    random: required(DIGEST, "Random bytes of manifest 1"),
    nonce: required(DIGEST, "Nonce that the evidence answers"),
    body: required(MAYBE_DIGEST, "SHA-256 of the initialisation that follows"),
    issued: required(MOMENT, "When the owner signed"),
  }),
};

/** Body of `POST /v1/init`, before sealing. */
export const INIT_BODY: Message<InitBody> = {
  name: "initialisation",
  secret: true,
  form: object<InitBody>({
    v: required(oneNumber(1), "Version of the form"),
    manifests: required(MANIFESTS, "The manifest chain"),
    references: required(REFERENCES, "Reference values"),
    epoch: required(POSITIVE, "Epoch"),
    epochRoot: required(DIGEST, "Root of the epoch's keys"),
    time: required(MOMENT, "The owner's time"),
    store: required(orNull(STORE_ACCESS), "Where the cluster's state is kept"),
  }),
};

/** Its answer, before sealing. */
export const INIT_ANSWER: Message<InitAnswer> = {
  name: "answer to initialisation",
  form: object<InitAnswer>({
    v: required(oneNumber(1), "Version of the form"),
    role: required(oneOf("control-plane"), "Role of the node"),
    nodeName: required(ID, "Name of the node"),
    manifestDigest: required(DIGEST, "SHA-256 of the manifest"),
    nodeAuthority: required(base64url(16 * 1024), "Certificate of the authority for nodes"),
    already: required(oneOf("no", "yes"), "Whether all was done before"),
  }),
};
