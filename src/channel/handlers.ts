/**
 * What a node does with requests that the channel took: all of them came from
 * whom they say, to this node, for this purpose, in these bytes.
 *
 * @module
 */

import type { InitAnswer, InitBody } from "../protocol/init.ts";
import type { JoinAnswer, JoinBody, RenewAnswer, RenewBody } from "../protocol/join.ts";
import type { ManifestAnswer, StatusAnswer } from "../protocol/status.ts";
import type { Appraised, EvidenceQuestion } from "./peer.ts";

/** A sealed request, opened. */
export interface Opened<T> {
  /** What was sealed. */
  readonly body: T;
  /** Its exact bytes. */
  readonly exact: Uint8Array;
  /** Who sealed it; null where evidence is not asked of the client. */
  readonly peer: Appraised | null;
  /** SHA-256 of the exact bytes, hex; a peer's evidence names the same. */
  readonly requestDigest: string;
  /** Audience of this node's own evidence, hex: of `init` SHA-256 of the payload that the owner signed. */
  readonly audience: string;
}

/** A request of a node that was judged. */
export interface OpenedOfPeer<T> extends Opened<T> {
  /** Who sealed it. */
  readonly peer: Appraised;
}

/** What a node does. */
export interface ChannelHandlers {
  /**
   * Looks at an owner's request for evidence.
   *
   * @param request DSSE, JSON.
   * @throws {RejectedError} where it is not of this cluster's owner.
   */
  ownerAttest(request: Uint8Array): Promise<EvidenceQuestion>;
  /**
   * Initialises the cluster.
   *
   * @param opened The owner's request; no client's evidence stands behind it.
   */
  init(opened: Opened<InitBody>): Promise<InitAnswer>;
  /**
   * Admits a node.
   *
   * @param opened Its request.
   */
  join(opened: OpenedOfPeer<JoinBody>): Promise<JoinAnswer>;
  /**
   * Renews a member's lease.
   *
   * @param opened Its request.
   */
  renew(opened: OpenedOfPeer<RenewBody>): Promise<RenewAnswer>;
  /** The manifest chain. */
  manifests(): Promise<ManifestAnswer>;
  /**
   * Takes a newer manifest, by the owner's signature.
   *
   * @param chain The chain.
   */
  update(chain: ManifestAnswer): Promise<void>;
  /** What the node says of itself. */
  status(): Promise<StatusAnswer>;
}
