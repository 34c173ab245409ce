/**
 * Bends of the event log.
 *
 * @module
 */

import { LAB_HASHES } from "../algorithms.ts";
import { EVENT_TYPES, type LabEvent, startupLocality, wholeEvent } from "../event.ts";
import type { TpmBends } from "../options.ts";
import { utf16 } from "../uefi.ts";
import type { NamedTpmBend, NamedTpmBends, TpmFile } from "./named_bend.ts";

type Change = (events: readonly LabEvent[]) => readonly LabEvent[];

const log = (
  [says, code]: readonly [says: string, code: string],
  bends: TpmBends,
  files: readonly TpmFile[] = ["eventLog"],
): NamedTpmBend => ({ says, code: `logs.${code}`, files, bends: () => bends });

/** The first event that is meant, changed. */
const first =
  (meant: (event: LabEvent) => boolean, change: (event: LabEvent) => readonly LabEvent[]): Change =>
  (events) => {
    const at = events.findIndex(meant);
    return events.flatMap((event, i) => i === at ? change(event) : [event]);
  };

const isFirmware = ({ type }: LabEvent): boolean => type === EVENT_TYPES.efiPlatformFirmwareBlob;
const isAction = ({ type }: LabEvent): boolean => type === EVENT_TYPES.efiAction;
const isImage = ({ type }: LabEvent): boolean => type === EVENT_TYPES.efiBootServicesApplication;
const isVariable = ({ type }: LabEvent): boolean => type === EVENT_TYPES.efiVariableDriverConfig;

/** The same event with other data, and the digest that it had. */
const edited = (event: LabEvent): readonly LabEvent[] => [
  { ...event, data: event.data.map((byte, i) => i === event.data.length - 1 ? byte ^ 1 : byte) },
];

/** What only the log says otherwise. */
export const LOG_BENDS: NamedTpmBends = {
  "log-other": log(["The log is of a boot of another firmware", "replay_mismatch"], {
    logged: first(isFirmware, (event) => [{ ...event, hashed: utf16("another firmware") }]),
  }),
  "log-missing": log(["An event is missing", "replay_mismatch"], {
    logged: first(isImage, () => []),
  }),
  "log-added": log(["An event was added", "replay_mismatch"], {
    logged: (events) => [...events, wholeEvent(11, EVENT_TYPES.ipl, utf16("enter-initrd\0"))],
  }),
  "log-order": log(["Two events stand in each other's place", "replay_mismatch"], {
    logged: (events) => {
      const [one, two] = events.flatMap((event, i) => event.register === 11 ? [i] : []);
      return events.map((event, i) =>
        (i === one ? events[two ?? 0] : i === two ? events[one ?? 0] : event) ?? event
      );
    },
  }),
  "log-hidden": log(["An event is passed off as one that extends nothing", "replay_mismatch"], {
    logged: first(isImage, (event) => [{ ...event, type: EVENT_TYPES.noAction }]),
  }),
  "log-edited": log(["What the firmware did was edited", "data_mismatch"], {
    logged: first(isAction, edited),
  }),
  "log-variable": log(["Secure Boot was edited to be off", "data_mismatch"], {
    logged: first(isVariable, edited),
  }),
  "log-register": log(["An event names PCR 24", "register"], {
    logged: (events) => [...events, wholeEvent(24, EVENT_TYPES.ipl, new Uint8Array(1))],
  }),
  "log-locality": log(["The locality is stated after PCR 0 was extended", "locality"], {
    logged: (events) => [...events, startupLocality(3)],
  }),
  "log-banks": log(["The log declares a bank twice", "header"], {
    logHeader: (header) => ({
      ...header,
      algorithms: [...header.algorithms, ...header.algorithms.slice(-1)],
    }),
  }),
  "log-many-banks": log(["The log declares 1000 banks", "limit"], { logHeader: { count: 1000 } }),
  "log-digest-size": log(["The log declares SHA-256 with 20 bytes", "header"], {
    logHeader: (header) => ({
      ...header,
      algorithms: header.algorithms.map(([id, size]) => [
        id,
        id === LAB_HASHES.sha256.id ? LAB_HASHES.sha1.bytes : size,
      ]),
    }),
  }),
};
