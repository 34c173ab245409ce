/**
 * Telling whoever runs a node that no register holds its phase.
 *
 * @module
 */

import type { VariantId } from "../evidence/variants/facts.ts";
import { VARIANTS } from "../evidence/variants/table.ts";
import type { NodeEvent } from "./log.ts";

/**
 * What a node tells that has no register of the phase, once when it starts.
 *
 * @param variant Its variant.
 */
export function unmeasured(variant: VariantId): NodeEvent {
  const { runtimeRegister: register } = VARIANTS[variant];
  const why = register === null
    ? `${variant} has no register for it`
    : `this kernel cannot extend ${register}, which Linux can since 6.16`;
  return {
    level: register === null ? "info" : "warning",
    event: "unmeasured",
    message: `The phase is only the statement's word: ${why}`,
    fields: { variant },
  };
}
