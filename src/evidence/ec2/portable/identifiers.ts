/**
 * Identifiers of CMS that several readers need.
 *
 * @module
 */

/** id-data (RFC 5652 §4): bytes of no particular kind. */
export const ID_DATA = "1.2.840.113549.1.7.1";
