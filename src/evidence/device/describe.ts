/**
 * What a machine shows, for a person.
 *
 * @module
 */

import { UnavailableError } from "../../core/errors.ts";
import { printable } from "../../core/printable.ts";
import { cloudName, detectVariant } from "./detect.ts";
import { PARTS, partsOf } from "./platforms.ts";
import type { PlatformProbe } from "./probe.ts";

/** A line: what it is about, and what was seen. */
export interface PlatformLine {
  /** What it is about. */
  readonly name: string;
  /** What was seen. */
  readonly value: string;
}

/**
 * Says what a machine shows and which variant it is taken for, or why it is taken for none.
 *
 * @param probe What the machine shows.
 */
export function describePlatform(probe: PlatformProbe): readonly PlatformLine[] {
  const { dmi: { vendor, product, bios, tag }, configfs, provider, modules, devices } = probe;
  const dmi = [vendor, product, bios, tag].filter((text) => text !== "");
  const parts = partsOf(probe).map((part) => PARTS[part]);
  return [
    {
      name: "Platform",
      value: `${cloudName(probe)} (${listed(dmi.map((text) => printable(text)))})`,
    },
    {
      name: "configfs-tsm",
      value: configfs ? provider ?? "there, and no TEE answers" : "not there",
    },
    { name: "Drivers", value: listed(modules) },
    { name: "Devices", value: listed(devices) },
    { name: "TPM", value: tpmText(probe) },
    { name: "Parts", value: listed(parts) },
    variantLine(probe),
  ];
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? "none" : items.join(", ");
}

function tpmText({ hasTpm, tpm }: PlatformProbe): string {
  if (!hasTpm) return "none";
  if (tpm === null) return "there, not opened";
  return `there, ${tpm.nv.length} NV indices, ${tpm.persistent.length} keys kept`;
}

function variantLine(probe: PlatformProbe): PlatformLine {
  try {
    return { name: "Variant", value: detectVariant(probe) };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return { name: "Variant", value: `none: ${error.message} [${error.code}]` };
  }
}
