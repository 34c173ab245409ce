/**
 * `casemate node probe`: what a machine shows of the platform that it is.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import { describePlatform, detectVariant, type PlatformProbe } from "../../evidence/issuers.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { pageOf } from "../manifest/tell.ts";
import { labelled } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";
import { probeMachine } from "./devices.ts";

/** Exit code where no variant was found. */
const NO_VARIANT = 4;

/**
 * Looks at the machine.
 *
 * @param context The machine.
 * @param given The flags.
 */
export async function showProbe(context: Context, given: Given): Promise<void> {
  const { host } = context;
  const probe = await probeMachine(host, await host.node(), given);
  const found = variantOf(probe);
  if (found.variant === null) context.finish(NO_VARIANT);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return host.terminal.out(`${printableJson({ v: 1, ...found, probe })}\n`);
  }
  const { width, style } = pageOf(context);
  const rows = describePlatform(probe);
  const lines = labelled(rows.map(({ name, value }) => [name, printable(value)] as const), {
    width,
    indent: "",
    label: style.dim,
  });
  host.terminal.out(`${lines.join("\n")}\n`);
}

/** That there is none is an answer here, and no failure of the command. */
function variantOf(probe: PlatformProbe): {
  readonly variant: string | null;
  readonly code: string | null;
  readonly message: string | null;
} {
  try {
    return { variant: detectVariant(probe), code: null, message: null };
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    return { variant: null, code: error.code, message: error.message };
  }
}
