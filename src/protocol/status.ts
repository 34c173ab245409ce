/**
 * What is open to everybody: the manifest chain, and what a node says of itself.
 *
 * @module
 */

import { object, oneOf, required, text } from "../core/decode.ts";
import { COUNT, MAYBE_DIGEST, MAYBE_ID, MAYBE_MANIFESTS, REFERENCES } from "./forms.ts";
import type { Message } from "./message.ts";

/** Answer of `GET /v1/manifest`. */
export interface ManifestAnswer {
  /** The chain, oldest first; none before init. */
  readonly manifests: readonly Uint8Array[];
  /** Signed documents of reference values that the newest has digests of. */
  readonly references: readonly Uint8Array[];
}

/** Answer of `GET /v1/status`. */
export interface StatusAnswer {
  /** Phase of the boot. */
  readonly phase: "zero" | "cluster" | "member";
  /** Cluster; empty in phase zero. */
  readonly clusterId: string;
  /** Role; empty before admission. */
  readonly role: string;
  /** Name; empty before admission. */
  readonly nodeName: string;
  /** Manifest under which it was admitted; 0 before. */
  readonly manifestSequence: number;
  /** What it is doing, or why it does not get on, one line. */
  readonly doing: string;
}

/** Body of `POST /v1/manifest/update`: a chain whose newest is newer. */
export const MANIFEST_ANSWER: Message<ManifestAnswer> = {
  name: "manifest chain",
  form: object<ManifestAnswer>({
    manifests: required(MAYBE_MANIFESTS, "The chain"),
    references: required(REFERENCES, "Reference values"),
  }),
};

/** Status of a node. */
export const STATUS_ANSWER: Message<StatusAnswer> = {
  name: "status",
  form: object<StatusAnswer>({
    phase: required(oneOf("zero", "cluster", "member"), "Phase of the boot"),
    clusterId: required(MAYBE_DIGEST, "Cluster"),
    role: required(MAYBE_ID, "Role"),
    nodeName: required(MAYBE_ID, "Name"),
    manifestSequence: required(COUNT, "Manifest under which it was admitted"),
    doing: required(text("[^\\u0000-\\u001f]{0,500}", "a line"), "What it is doing"),
  }),
};
