/**
 * The lab's Intel-like authorities for tests, made once per process.
 *
 * @module
 */

import { createIntelAuthority, type IntelAuthority } from "../src/lab/mod.ts";
import { NOW } from "./lab_authority.ts";

let made: Promise<IntelAuthority> | undefined;
let twin: Promise<IntelAuthority> | undefined;

/** The authority that tests trust. */
export function intelAuthority(): Promise<IntelAuthority> {
  return made ??= createIntelAuthority({ now: NOW });
}

/** Another lab: the same names, other keys. */
export function twinAuthority(): Promise<IntelAuthority> {
  return twin ??= createIntelAuthority({ now: NOW });
}
