/**
 * Being admitted to a cluster, and staying in it.
 *
 * @module
 */

import { base64url } from "../core/base64url.ts";
import {
  type Decoder,
  listOrNone,
  object,
  oneNumber,
  oneOf,
  orNull,
  required,
} from "../core/decode.ts";
import {
  AGENT_URL,
  CERTIFICATE,
  COUNT,
  DIGEST,
  ID,
  MANIFESTS,
  MAYBE_ID,
  MAYBE_MANIFESTS,
  MOMENT,
  POSITIVE,
  REFERENCES,
} from "./forms.ts";
import type { Message } from "./message.ts";
import { STORE_ACCESS, type StoreAccess } from "./store_access.ts";

/** Roles of nodes. */
export type Role = "control-plane" | "worker";

/** What a node asks; its evidence is bound to the exact bytes. */
export interface JoinBody {
  /** Version of the form. */
  readonly v: 1;
  /** Node group that it was launched for; empty where it does not know. */
  readonly group: string;
  /** Where its agent answers. */
  readonly url: string;
  /** Highest manifest that it has seen; 0 for none. */
  readonly manifestSequence: number;
  /** The owner's ticket for a further control plane, DSSE; null without. */
  readonly ticket: Uint8Array | null;
}

/** A member, as others are told of it. */
export interface Peer {
  /** Name. */
  readonly nodeName: string;
  /** Role. */
  readonly role: Role;
  /** Where its agent answers. */
  readonly url: string;
}

/** What control planes are given beside. */
export interface ControlPlaneGrant {
  /** Epoch. */
  readonly epoch: number;
  /** K_e, 32 bytes, hex. */
  readonly epochRoot: string;
  /** Private key of the authority for nodes, PKCS #8. */
  readonly nodeAuthorityKey: Uint8Array;
  /** Private key that signs log heads, Ed25519, PKCS #8. */
  readonly logKey: Uint8Array;
  /** Where the cluster's state is. */
  readonly store: StoreAccess | null;
}

/** What an admitted node is told. */
export interface JoinAnswer {
  /** Version of the form. */
  readonly v: 1;
  /** Its role. */
  readonly role: Role;
  /** Its name. */
  readonly nodeName: string;
  /** Id of its lease, hex. */
  readonly lease: string;
  /** How long the lease lives unless it is renewed, seconds. */
  readonly leaseSeconds: number;
  /** Sequence of the manifest under which it is admitted. */
  readonly manifestSequence: number;
  /** The manifest chain, oldest first. */
  readonly manifests: readonly Uint8Array[];
  /** Signed documents of reference values. */
  readonly references: readonly Uint8Array[];
  /** Certificate over its TLS key, DER. */
  readonly certificate: Uint8Array;
  /** Certificate of the authority for nodes, DER. */
  readonly nodeAuthority: Uint8Array;
  /** Members at this moment. */
  readonly peers: readonly Peer[];
  /** The service's time. */
  readonly time: string;
  /** What control planes are given; null for workers. */
  readonly controlPlane: ControlPlaneGrant | null;
}

/** What a member asks to stay one. */
export interface RenewBody {
  /** Version of the form. */
  readonly v: 1;
  /** Id of its lease. */
  readonly lease: string;
  /** Where its agent answers now. */
  readonly url: string;
  /** Highest manifest that it has seen. */
  readonly manifestSequence: number;
}

/** What it is told. */
export interface RenewAnswer {
  /** Version of the form. */
  readonly v: 1;
  /** How long the lease lives now, seconds. */
  readonly leaseSeconds: number;
  /** Certificate over its TLS key, DER. */
  readonly certificate: Uint8Array;
  /** Manifests that it has not seen, oldest first; none where it has seen all. */
  readonly manifests: readonly Uint8Array[];
  /** Signed documents of reference values of them. */
  readonly references: readonly Uint8Array[];
  /** Members at this moment. */
  readonly peers: readonly Peer[];
  /** The service's time. */
  readonly time: string;
}

/** Form of {@linkcode Role}. */
export const ROLE: Decoder<Role> = oneOf("control-plane", "worker");
const LEASE = DIGEST;
const KEY = base64url(4096);

/** Most members of a cluster. */
const MAX_PEERS = 5000;

/** Form of members. */
export const PEERS: Decoder<readonly Peer[]> = listOrNone(
  object<Peer>({
    nodeName: required(ID, "Name"),
    role: required(ROLE, "Role"),
    url: required(AGENT_URL, "Where its agent answers"),
  }),
  MAX_PEERS,
);

/** Form of {@linkcode ControlPlaneGrant}. */
export const GRANT: Decoder<ControlPlaneGrant> = object<ControlPlaneGrant>({
  epoch: required(COUNT, "Epoch"),
  epochRoot: required(DIGEST, "Root of the epoch's keys"),
  nodeAuthorityKey: required(KEY, "Private key of the authority for nodes"),
  logKey: required(KEY, "Private key that signs log heads"),
  store: required(orNull(STORE_ACCESS), "Where the cluster's state is"),
});

/** Body of `POST /v1/join`, before sealing. */
export const JOIN_BODY: Message<JoinBody> = {
  name: "join request",
  form: object<JoinBody>({
    v: required(oneNumber(1), "Version of the form"),
    group: required(MAYBE_ID, "Node group that it was launched for"),
    url: required(AGENT_URL, "Where its agent answers"),
    manifestSequence: required(COUNT, "Highest manifest that it has seen"),
    ticket: required(orNull(base64url(16 * 1024)), "The owner's ticket"),
  }),
};

/** Its answer, before sealing. */
export const JOIN_ANSWER: Message<JoinAnswer> = {
  name: "join answer",
  secret: true,
  form: object<JoinAnswer>({
    v: required(oneNumber(1), "Version of the form"),
    role: required(ROLE, "Role"),
    nodeName: required(ID, "Name"),
    lease: required(LEASE, "Id of the lease"),
    leaseSeconds: required(POSITIVE, "How long the lease lives"),
    manifestSequence: required(POSITIVE, "Manifest under which it is admitted"),
    manifests: required(MANIFESTS, "The manifest chain"),
    references: required(REFERENCES, "Reference values"),
    certificate: required(CERTIFICATE, "Certificate over its TLS key"),
    nodeAuthority: required(CERTIFICATE, "Certificate of the authority for nodes"),
    peers: required(PEERS, "Members"),
    time: required(MOMENT, "The service's time"),
    controlPlane: required(orNull(GRANT), "What control planes are given"),
  }),
};

/** Body of `POST /v1/renew`, before sealing. */
export const RENEW_BODY: Message<RenewBody> = {
  name: "renew request",
  form: object<RenewBody>({
    v: required(oneNumber(1), "Version of the form"),
    lease: required(LEASE, "Id of the lease"),
    url: required(AGENT_URL, "Where its agent answers"),
    manifestSequence: required(COUNT, "Highest manifest that it has seen"),
  }),
};

/** Its answer, before sealing. */
export const RENEW_ANSWER: Message<RenewAnswer> = {
  name: "renew answer",
  form: object<RenewAnswer>({
    v: required(oneNumber(1), "Version of the form"),
    leaseSeconds: required(POSITIVE, "How long the lease lives"),
    certificate: required(CERTIFICATE, "Certificate over its TLS key"),
    manifests: required(MAYBE_MANIFESTS, "Manifests that it has not seen"),
    references: required(REFERENCES, "Reference values of them"),
    peers: required(PEERS, "Members"),
    time: required(MOMENT, "The service's time"),
  }),
};
