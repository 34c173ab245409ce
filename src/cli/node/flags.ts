/**
 * Flags of `casemate node`, by name without dashes.
 *
 * @module
 */

/** Forms of the log. */
export const LOG_FORMS: readonly string[] = ["json", "text"];

/** Launch data. */
export const LAUNCH_DATA_FLAG = "launch-data";

/** Folder of the state. */
export const STATE_FLAG = "state";

/** Where the agent listens. */
export const LISTEN_FLAG = "listen";

/** Where others reach it. */
export const ADVERTISE_FLAG = "advertise";

/** The TPM. */
export const TPM_FLAG = "tpm";

/** The TEE. */
export const TEE_FLAG = "tee";

/** The variant. */
export const VARIANT_FLAG = "variant";

/** What stands before the kernel's paths. */
export const ROOT_FLAG = "root";

/** Id of the boot. */
export const BOOT_ID_FLAG = "boot-id";

/** Event log of the firmware. */
export const EVENT_LOG_FLAG = "event-log";

/** Ticket of the owner. */
export const TICKET_FLAG = "ticket";

/** Roots of a lab. */
export const LAB_ROOT_FLAG = "lab-root";

/** Form of the log. */
export const LOG_FLAG = "log";
