/**
 * What the certificates of a chain must look like (57230 §2 and §3).
 *
 * @module
 */

import type { Certificate } from "../../../core/portable/certificate.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { commonName } from "../../../core/portable/name.ts";
import { checkAuthority, checkEnd, checkNames } from "../../../core/portable/shape.ts";
import { type Form, FORM_NAMES, LEAF_EXTENSIONS } from "./leaf.ts";
import { refuseSnp } from "./refuse.ts";

const ARK_PREFIX = "ARK-";
const VLEK_PREFIX = "SEV-VLEK-";

/**
 * The line that an ARK's common name states, `Milan` of `ARK-Milan`.
 *
 * @param ark The root.
 */
export function lineOfArk(ark: Certificate): string | undefined {
  const name = commonName(ark.subject) ?? "";
  const isArk = name.startsWith(ARK_PREFIX) && name.length > ARK_PREFIX.length;
  return isArk ? name.slice(ARK_PREFIX.length) : undefined;
}

/**
 * Which form of leaf an intermediate says it issues.
 *
 * @param ask The intermediate.
 */
export function formOfAsk(ask: Certificate): Form {
  return commonName(ask.subject)?.startsWith(VLEK_PREFIX) === true ? "VLEK" : "VCEK";
}

/**
 * Checks the root: issued by itself, may sign certificates and lists.
 *
 * @param ark The root.
 * @param line Its line.
 * @throws {RejectedError} `snp.chain_shape`
 */
export function checkArk(ark: Certificate, line: string): void {
  check("ARK", () => {
    checkNames(ark, ark, `${ARK_PREFIX}${line}`);
    const pathLen = checkAuthority(ark, ["keyCertSign", "cRLSign"]);
    // RFC 5280 §6.1.4 l: it may be followed by leaves alone, not by an ASK.
    if (pathLen === 0) throw new Malformed("the path length is 0");
  });
}

/**
 * Checks the intermediate.
 *
 * @param ask The intermediate.
 * @param ark Its root.
 * @param line Its line.
 * @returns Which form of leaf it issues.
 * @throws {RejectedError} `snp.chain_shape`
 */
export function checkAsk(ask: Certificate, ark: Certificate, line: string): Form {
  const form = formOfAsk(ask);
  check(FORM_NAMES[form].issuer, () => {
    checkNames(ask, ark, form === "VLEK" ? `${VLEK_PREFIX}${line}` : `SEV-${line}`);
    const pathLen = checkAuthority(ask, ["keyCertSign"]);
    if (pathLen !== 0) throw new Malformed("the path length is not 0");
  });
  return form;
}

/**
 * Checks the leaf: issued by the intermediate in the form that it issues, not
 * an authority, nothing critical that is unknown.
 *
 * @param leaf The leaf.
 * @param ask Its intermediate.
 * @param form The form.
 * @throws {RejectedError} `snp.leaf_shape`
 */
export function checkLeaf(leaf: Certificate, ask: Certificate, form: Form): void {
  readOr(() => {
    checkNames(leaf, ask, FORM_NAMES[form].commonName);
    checkEnd(leaf, LEAF_EXTENSIONS);
  }, (reason) => refuseSnp("snp.leaf_shape", { certificate: form, reason }));
}

function check(certificate: string, run: () => void): void {
  readOr(run, (reason) => refuseSnp("snp.chain_shape", { certificate, reason }));
}
