/**
 * What an agent is made of.
 *
 * @module
 */

import type { Engine } from "../core/crypto.ts";
import type { NodeHost } from "../core/node_host.ts";
import type { StateFiles } from "../core/node_ports.ts";
import type { Clock, Random } from "../core/ports.ts";
import type { VariantId } from "../evidence/variants/facts.ts";
import type { LaunchData } from "../protocol/launch.ts";
import type { StoreAccess } from "../protocol/store_access.ts";
import type { Store } from "../services/store/store.ts";
import type { NodeLog } from "./log.ts";
import type { RuntimeRegister } from "./register.ts";

/** What an agent is made of. */
export interface AgentParts {
  /** Network and waiting. */
  readonly host: Pick<NodeHost, "servers" | "clients" | "monotonic" | "sleep">;
  /** The host's clock. */
  readonly clock: Clock;
  /** Randomness. */
  readonly random: Random;
  /** Verifies evidence. */
  readonly engine: Engine;
  /** State of the node. */
  readonly files: StateFiles;
  /** What the machine was launched with. */
  readonly launch: LaunchData;
  /** This boot, 16 bytes, hex. */
  readonly bootId: string;
  /** Variant of its evidence. */
  readonly variant: VariantId;
  /** Register of the phase; null where the variant has none. */
  readonly register: RuntimeRegister | null;
  /**
   * Collects an envelope.
   *
   * @param statement Exact bytes.
   * @param nonce The nonce, 32 bytes.
   */
  readonly collect: (statement: Uint8Array, nonce: Uint8Array) => Promise<Uint8Array>;
  /** Opens the cluster's state; null for this process's memory. */
  readonly openStore: (access: StoreAccess | null) => Promise<Store>;
  /** Roots of a lab, PEM or DER. */
  readonly labRoots: readonly Uint8Array[];
  /** The owner's ticket; null without. */
  readonly ticket: Uint8Array | null;
  /** Where it listens. */
  readonly listen: { readonly hostname: string; readonly port: number };
  /** Where others reach it; null for where it listens. */
  readonly advertise: string | null;
  /** Takes what happened. */
  readonly log: NodeLog;
}
