/**
 * The certificates among the claims of any technology, from root to leaf.
 *
 * @module
 */

/** What is needed of a certificate to put it in its place. */
export interface ChainCertificate {
  /** Subject as RFC 4514 text. */
  readonly subject: string;
  /** Issuer as RFC 4514 text. */
  readonly issuer: string;
}

/**
 * Finds the certificates in claims, whatever their technology, and orders them:
 * the one that issued itself first, each followed by the one it issued.
 *
 * @param claims Claims of a result.
 */
export function chainOf(claims: unknown): readonly ChainCertificate[] {
  const found = collect(claims);
  const chain: ChainCertificate[] = [];
  let next = found.find(({ subject, issuer }) => subject === issuer);
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    const issuer = next;
    next = found.find((certificate) =>
      certificate !== issuer && certificate.issuer === issuer.subject
    );
  }
  return chain;
}

function collect(value: unknown): readonly ChainCertificate[] {
  if (typeof value !== "object" || value === null) return [];
  if (isCertificate(value)) return [value];
  return Object.values(value).flatMap(collect);
}

function isCertificate(value: object): value is ChainCertificate {
  return "subject" in value && typeof value.subject === "string" && "issuer" in value &&
    typeof value.issuer === "string" &&
    "spkiSha256" in value;
}

/**
 * The common name of a subject, or all of it where it has none.
 *
 * @param subject RFC 4514 text, as `CN=ARK-Genoa,O=Advanced Micro Devices`.
 */
export function commonName(subject: string): string {
  // Whole attributes first, so that a comma that is escaped parts none.
  const attributes = subject.match(/(?:[^,+\\]|\\.)+/g) ?? [];
  return attributes.find((attribute) => attribute.startsWith("CN="))?.slice("CN=".length) ??
    subject;
}
