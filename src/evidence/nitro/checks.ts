/**
 * The steps of verification, in the order in which they are done.
 *
 * @module
 */

import type { Check } from "../evidence.ts";

const AWS = 'AWS, "Verifying the root of trust"';

/** The steps. */
export const NITRO_CHECKS: readonly Check[] = [
  {
    id: "nitro.document",
    link: "evidence",
    title: "Document well formed, and of this kind",
    source: `${AWS} §2, RFC 8949, RFC 9052`,
  },
  {
    id: "nitro.root",
    link: "root",
    title: "Root key of the document pinned",
    source: `${AWS} §3.2.3`,
  },
  {
    id: "nitro.certificates",
    link: "chain",
    title: "Certificates of the document fit their purpose",
    source: `${AWS} §3.2.3, RFC 5280 §4.2.1`,
  },
  { id: "nitro.chain", link: "chain", title: "Chain of the document", source: "RFC 5280 §6.1" },
  {
    id: "nitro.revocation",
    link: "chain",
    title: "Key of the document not revoked",
    source: "RFC 5280 §6.3",
  },
  {
    id: "nitro.signature",
    link: "evidence",
    title: "Document signature",
    source: "RFC 9052 §4.4, ES384",
  },
  {
    id: "nitro.validity",
    link: "chain",
    title: "Certificates of the document in force",
    source: "RFC 5280 §4.1.2.5",
  },
];
