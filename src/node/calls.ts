/**
 * Asking control planes, as a node asks them.
 *
 * @module
 */

import type { Appraiser } from "../channel/peer.ts";
import type { Statement } from "../evidence/statement/statement.ts";
import type { JoinAnswer, JoinBody, RenewAnswer, RenewBody } from "../protocol/join.ts";
import type { ManifestAnswer } from "../protocol/status.ts";

/** A control plane that was verified, over a channel that ends in it. */
export interface Reached {
  /** What it states; its evidence holds under the manifest. */
  readonly statement: Statement;
  /**
   * Asks to be admitted, with evidence for that.
   *
   * @param body The request.
   * @throws {RejectedError | UnavailableError} what it refuses with
   */
  join(body: JoinBody): Promise<JoinAnswer>;
  /**
   * Renews a lease, with evidence for that.
   *
   * @param body The request.
   * @throws {RejectedError | UnavailableError} what it refuses with
   */
  renew(body: RenewBody): Promise<RenewAnswer>;
}

/** Asks control planes. */
export interface Calls {
  /**
   * The chain that an agent tells; nobody's word yet.
   *
   * @param url Address.
   */
  manifests(url: string): Promise<ManifestAnswer>;
  /**
   * Verifies an agent, before it is told anything.
   *
   * @param url Address.
   * @param appraiser Judges it.
   * @throws {RejectedError | UnavailableError} what its evidence is refused with
   */
  reach(url: string, appraiser: Appraiser): Promise<Reached>;
}
