/**
 * JSON documents of others that hold several files: they are taken apart, and
 * each piece is judged as if it had come on its own.
 *
 * @module
 */

import { fromHex } from "../core/bytes.ts";

/** A file out of a collection. */
export interface Part {
  /** Member that held it. */
  readonly name: string;
  /** Its bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A collection, taken apart. */
export interface Collection {
  /** What it is, for a person. */
  readonly title: string;
  /** What it holds. */
  readonly parts: readonly Part[];
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Takes a collection apart.
 *
 * @param document Plain data.
 * @returns Null where it is none that is known.
 */
export function collectionOf(document: Members): Collection | null {
  return quoteCollateral(document) ?? azureCertificates(document);
}

/** Members of a collection for TD quotes as the verifiers in Rust and Go write it; lists in hex. */
const LISTS = ["root_ca_crl", "pck_crl"] as const;
const CHAINS = ["pck_crl_issuer_chain", "tcb_info_issuer_chain"] as const;
const DOCUMENTS = [["tcb_info", "tcbInfo"], ["qe_identity", "enclaveIdentity"]] as const;

function quoteCollateral(document: Members): Collection | null {
  if (typeof document["tcb_info"] !== "string" || typeof document["qe_identity"] !== "string") {
    return null;
  }
  const lists = LISTS.flatMap((name) => {
    const list = document[name];
    return typeof list === "string" && /^(?:[0-9a-f]{2})+$/i.test(list)
      ? [{ name, bytes: fromHex(list) }]
      : partOf(document, name);
  });
  const documents = DOCUMENTS.flatMap(([name, member]) => signedPart(document, name, member));
  const chains = CHAINS.flatMap((name) => partOf(document, name));
  return { title: "Collateral of Intel in one file", parts: [...documents, ...chains, ...lists] };
}

/** A document and its signature apart, as Intel returns both in one. */
function signedPart(document: Members, name: string, member: string): readonly Part[] {
  const signature = document[`${name}_signature`];
  const text = document[name];
  if (typeof text !== "string") return [];
  if (typeof signature !== "string" || !/^[0-9a-f]+$/i.test(signature)) {
    return partOf(document, name);
  }
  const whole = `{"${member}":${text},"signature":"${signature}"}`;
  return [{ name, bytes: new TextEncoder().encode(whole) }];
}

/** What Azure's metadata service gives a machine for its report. */
function azureCertificates(document: Members): Collection | null {
  if (typeof document["vcekCert"] !== "string" || document["certificateChain"] === undefined) {
    return null;
  }
  const parts = ["vcekCert", "certificateChain"].flatMap((name) => partOf(document, name));
  return { title: "AMD certificates, as Azure hands them out", parts };
}

function partOf(document: Members, name: string): readonly Part[] {
  const text = document[name];
  return typeof text === "string" ? [{ name, bytes: new TextEncoder().encode(text) }] : [];
}
