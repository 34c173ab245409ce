/**
 * TPM evidence with one thing wrong: all bends that the lab knows by name, and
 * those that only a policy refuses.
 *
 * @module
 */

import {
  type BendContext,
  EVENT_TYPES,
  type LabEvent,
  type MintTpmOptions,
  TPM_BENDS,
  wholeEvent,
} from "../../../src/lab/mod.ts";
import type { MintedCase } from "../source.ts";
import { BENT_FILES, FILE_NAMES } from "./files.ts";

/** Evidence with one thing wrong. */
export interface Bent extends Pick<MintedCase, "name" | "says" | "verdict" | "code"> {
  /** Names of the files that the bend is in. */
  readonly files: readonly string[];
  /** What is minted otherwise than the good case. */
  readonly options: Partial<MintTpmOptions>;
}

/** Bends whose outcome depends on the kind of key, and good cases of other keys. */
const OF_KEY: readonly string[] = ["forged", "sha1", "scheme", "unrestricted"];
const OTHER_KEYS: readonly string[] = ["rsa", "rsa-pss", "p384"];

/**
 * Bent evidence.
 *
 * @param base Name of the good case that it is made from.
 * @param context Its keys.
 */
export async function bentCases(base: string, context: BendContext): Promise<readonly Bent[]> {
  if (OTHER_KEYS.includes(base)) {
    return await Promise.all(OF_KEY.map((name) => named(`bent-${base}-${name}`, name, context)));
  }
  if (base !== "p256") return [];
  const names = Object.keys(TPM_BENDS);
  const bent = await Promise.all(names.map((name) => named(`bent-${name}`, name, context)));
  return [...bent, ...ofBoot()];
}

async function named(folder: string, name: string, context: BendContext): Promise<Bent> {
  const bend = TPM_BENDS[name];
  if (bend === undefined) throw new Error(`The lab knows no bend ${name}`);
  const { says, code, files, bends } = bend;
  return {
    name: folder,
    says,
    verdict: "rejected",
    code,
    files: files.map((file) => BENT_FILES[file]),
    options: { bends: await bends(context) },
  };
}

/** What another boot changes: all but key and certificates. */
const BOOT_FILES: readonly string[] = [
  FILE_NAMES.tpmQuoteMsg,
  FILE_NAMES.tpmQuoteSig,
  FILE_NAMES.pcrs,
  FILE_NAMES.eventLog,
];

/** Boots that are quoted and logged as they were, and are not what the policy demands. */
function ofBoot(): readonly Bent[] {
  const boot = (
    name: string,
    says: string,
    code: string,
    options: Partial<MintTpmOptions>,
    verdict: Bent["verdict"] = "platform-only",
  ): Bent => ({ name, says, code, verdict, files: BOOT_FILES, options });
  const separators = (
    change: (event: LabEvent) => readonly LabEvent[],
  ): Partial<MintTpmOptions> => ({
    bends: {
      events: (events) =>
        events.flatMap((event) =>
          event.type === EVENT_TYPES.separator && event.register === 7 ? change(event) : [event]
        ),
    },
  });
  return [
    boot("secure-boot-off", "Secure Boot is off", "tpm.secure_boot_off", {
      boot: { secureBoot: false },
    }, "rejected"),
    boot("sha1-log", "The log has SHA-1 alone", "logs.bank_missing", { log: "tcg-1.2" }),
    boot(
      "separator-missing",
      "Nothing marks where the firmware handed over",
      "logs.separator_missing",
      separators(() => []),
    ),
    boot(
      "separator-repeated",
      "The mark where the firmware handed over stands twice",
      "logs.separator_repeated",
      separators((event) => [event, event]),
    ),
    boot(
      "separator-error",
      "The firmware says that it failed",
      "logs.separator_error",
      separators(({ register, type }) => [wholeEvent(register, type, Uint8Array.of(1, 0, 0, 0))]),
    ),
  ];
}
