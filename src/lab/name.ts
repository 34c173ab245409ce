/**
 * Distinguished names as AMD writes them.
 *
 * @module
 */

import type { Name } from "../core/x509_writer/name.ts";

export { type Name, type NameAttribute, writeName } from "../core/x509_writer/name.ts";

/** Organization in all names of the lab, where AMD has its own. */
export const LAB_ORGANIZATION = "Casemate lab, not AMD";

/**
 * Name of a certificate of the lab: AMD's attributes, order and string types, another organization.
 *
 * @param commonName Common name, as `ARK-Genoa`.
 */
export function labName(commonName: string): Name {
  return [
    { type: "2.5.4.11", value: "Engineering", encoding: "utf8" },
    { type: "2.5.4.6", value: "US", encoding: "printable" },
    { type: "2.5.4.7", value: "Santa Clara", encoding: "utf8" },
    { type: "2.5.4.8", value: "CA", encoding: "utf8" },
    { type: "2.5.4.10", value: LAB_ORGANIZATION, encoding: "utf8" },
    { type: "2.5.4.3", value: commonName, encoding: "utf8" },
  ];
}
