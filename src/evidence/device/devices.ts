/**
 * What collecting evidence needs of a node, as a lab and tests can give it as
 * well as hardware.
 *
 * @module
 */

import type { Files, Random, Timer, TpmTransport } from "../../core/ports.ts";
import type { Metadata, ReportDevice } from "../../core/node_ports.ts";
import type { FilesByRole } from "../files_by_role.ts";

/** A TPM, and what talking to it needs. */
export interface NodeTpm {
  /** Takes commands. */
  readonly transport: TpmTransport;
  /** Waits, where the TPM wants a command again. */
  readonly timer: Timer;
  /** Nonces of sessions. */
  readonly random: Random;
}

/** Where the logs of the boot are; null where there is none. */
export interface EventLogPaths {
  /** The firmware's, for the registers of a TPM. */
  readonly tpm: string | null;
  /** The firmware's, for the registers of a trust domain. */
  readonly td: string | null;
}

/** Where Linux shows the logs of the boot. */
export const EVENT_LOGS: EventLogPaths = {
  tpm: "/sys/kernel/security/tpm0/binary_bios_measurements",
  td: "/sys/firmware/acpi/tables/data/CCEL",
};

/** What a node has. */
export interface NodeDevices {
  /** Its TEE; null where there is none. */
  readonly tee: ReportDevice | null;
  /** Its TPM; null where there is none. */
  readonly tpm: NodeTpm | null;
  /** Files of the machine. */
  readonly files: Pick<Files, "read">;
  /** Logs of the boot. */
  readonly eventLogs: EventLogPaths;
  /** The cloud's metadata service; null where none may be asked. */
  readonly metadata: Metadata | null;
  /** Waits, where something comes late. */
  readonly timer: Timer;
  /** What goes along by role where no device gave it, as revocation lists and collateral; absent means nothing. */
  readonly papers?: FilesByRole;
}
