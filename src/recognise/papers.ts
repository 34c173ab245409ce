/**
 * Finds the place of certificates and revocation lists by what they say: who
 * issued whom, and which extensions a vendor put in. Nothing is verified here;
 * a paper in a wrong place makes the verification fail, and never pass.
 *
 * @module
 */

import type { DescribedCertificate, DescribedItem } from "../core/x509.ts";
import type { KindId, Piece } from "./kinds.ts";
import { pemOf } from "./der_items.ts";

/** A certificate or a list, described. */
export interface Paper {
  /** What it says. */
  readonly item: DescribedItem;
  /** DER. */
  readonly der: Uint8Array;
  /** Name of the file that it came from. */
  readonly from: string;
  /** How many papers the file holds, and nothing else; 0 where it is no file of papers as they are. */
  readonly of: number;
}

interface Certificate extends Paper {
  readonly item: DescribedCertificate;
}

/** Extensions that only certificates of these keys have: AMD 57230 §3.1; Intel's PCK. */
const AMD_KEY = "1.3.6.1.4.1.3704.1.";
const INTEL_PCK = "1.2.840.113741.1.13.1";

/**
 * Puts papers in their places.
 *
 * @param papers Certificates and lists.
 * @param kinds Kinds of the other pieces beside them.
 */
export function placePapers(
  papers: readonly Paper[],
  kinds: ReadonlySet<KindId>,
): readonly Piece[] {
  return new Places(papers, kinds).pieces();
}

class Places {
  readonly #certificates: readonly Certificate[];
  readonly #lists: readonly Paper[];
  readonly #kinds: ReadonlySet<KindId>;
  readonly #pieces: Piece[] = [];
  readonly #placed = new Set<Paper>();

  constructor(papers: readonly Paper[], kinds: ReadonlySet<KindId>) {
    this.#certificates = withoutRepeats(papers).flatMap((paper) =>
      paper.item.kind === "certificate" ? [{ ...paper, item: paper.item }] : []
    );
    this.#lists = withoutRepeats(papers).filter(({ item }) => item.kind === "crl");
    this.#kinds = kinds;
  }

  pieces(): readonly Piece[] {
    this.#amd();
    this.#intel();
    this.#region();
    this.#tpm();
    this.#endorsement();
    this.#rest();
    return this.#pieces;
  }

  #amd(): void {
    const leaves = this.#certificates.filter((one) => hasExtension(one, AMD_KEY));
    this.#each("leaf", leaves);
    const [leaf] = leaves;
    const [below] = leaf === undefined && this.#kinds.has("snp-report")
      ? this.#certificates.filter((one) => this.#below(one).length === 0 && this.#isFree(one))
      : [];
    const chain = leaf !== undefined
      ? this.#above(leaf)
      : below?.item.isCa === true
      ? [below, ...this.#above(below)]
      : [];
    this.#together("amd-chain", chain);
    this.#each("amd-list", this.#listsOf(chain));
  }

  #intel(): void {
    const named = (word: RegExp) =>
      this.#certificates.filter((one) => word.test(one.item.summary.subject));
    const [signer] = named(/CN=[^,]*TCB Signing/);
    const papers = signer === undefined ? [] : [signer, ...this.#above(signer)];
    this.#together("tcb-chain", papers);
    const platform = [
      ...named(/CN=[^,]*PCK (?:Platform|Processor) CA/),
      ...this.#certificates.filter((one) => hasExtension(one, INTEL_PCK)),
    ];
    const [authority] = platform.filter(({ item }) => item.isCa);
    this.#together(
      "pck-chain",
      authority === undefined ? [] : [authority, ...this.#above(authority)],
    );
    // The quote carries the certificate of its platform's key.
    for (const one of platform) this.#placed.add(one);
    const isPck = ({ item }: Paper): boolean =>
      item.kind === "crl" && /PCK (?:Platform|Processor) CA/.test(item.issuer);
    this.#each("pck-list", this.#lists.filter(isPck));
    const roots = this.#lists.filter((list) =>
      !isPck(list) && item(list).issuer.includes("SGX Root CA")
    );
    this.#each("root-list", roots);
  }

  /** AWS signs identity documents with a certificate that signed itself and is no authority. */
  #region(): void {
    if (!this.#kinds.has("ec2-identity")) return;
    const isIdentity = (one: Certificate): boolean =>
      isRoot(one) && (!one.item.isCa || /O=Amazon/.test(one.item.summary.subject));
    this.#each(
      "identity-certificate",
      this.#certificates.filter((one) => this.#isFree(one) && isIdentity(one)),
    );
  }

  #tpm(): void {
    if (!this.#hasTpm()) return;
    const free = this.#certificates.filter((one) => this.#isFree(one));
    // The key's certificate issued nothing; of several that which says that it may not.
    const ends = free.filter((one) => !isRoot(one) && this.#below(one).length === 0);
    const leaf = ends.find(({ item }) => !item.isCa) ?? ends[0];
    if (leaf !== undefined) {
      this.#each("ak-certificate", [leaf]);
      this.#each("ak-issuer", free.filter((one) => !isRoot(one)));
      this.#each("ak-root", this.#above(leaf).filter((one) => isRoot(one) && !one.item.lab));
      this.#each("ak-list", this.#listsOf(free));
    }
    // The container of go-tpm-tools has the key's certificate inside.
    if (!this.#kinds.has("gce-attestation")) return;
    this.#each("ak-root", free.filter((one) => this.#isFree(one) && isRoot(one) && !one.item.lab));
  }

  #endorsement(): void {
    if (!this.#kinds.has("gce-endorsement")) return;
    const roots = this.#certificates.filter((one) => this.#isFree(one) && !one.item.lab);
    this.#each("endorsement-root", roots);
  }

  #rest(): void {
    const free = this.#lists.filter((one) => this.#isFree(one));
    if (this.#kinds.has("nitro-document")) this.#each("document-list", free);
    else if (this.#hasTpm()) this.#each("ak-list", free);
    else if (this.#kinds.has("snp-report")) this.#each("amd-list", free);
  }

  #hasTpm(): boolean {
    return this.#kinds.has("tpm-quote") || this.#kinds.has("gce-attestation");
  }

  #isFree(paper: Paper): boolean {
    return !this.#placed.has(paper);
  }

  #each(kind: KindId, papers: readonly Paper[]): void {
    for (const paper of papers.filter((one) => this.#isFree(one))) {
      this.#placed.add(paper);
      this.#pieces.push({ kind, bytes: paper.der, from: paper.from, whole: paper.of === 1 });
    }
  }

  #together(kind: KindId, papers: readonly Certificate[]): void {
    const [first] = papers;
    if (first === undefined) return;
    for (const paper of papers) this.#placed.add(paper);
    const from = [...new Set(papers.map((paper) => paper.from))];
    const bytes = pemOf("CERTIFICATE", papers.map(({ der }) => der));
    this.#pieces.push({
      kind,
      bytes,
      from: from.join(", "),
      whole: from.length === 1 && papers.length === first.of,
    });
  }

  /** The certificates above one, up to what signed itself. */
  #above(certificate: Certificate): readonly Certificate[] {
    const path: Certificate[] = [];
    let at = certificate;
    while (!isRoot(at)) {
      const { issuer } = at.item.summary;
      const next = this.#certificates.find((one) =>
        one.item.summary.subject === issuer && one !== at && !path.includes(one)
      );
      if (next === undefined) break;
      path.push(next);
      at = next;
    }
    return path;
  }

  #below(certificate: Certificate): readonly Certificate[] {
    const { subject } = certificate.item.summary;
    return this.#certificates.filter((one) =>
      one !== certificate && one.item.summary.issuer === subject
    );
  }

  #listsOf(issuers: readonly Certificate[]): readonly Paper[] {
    const names = issuers.map(({ item }) => item.summary.subject);
    return this.#lists.filter((list) => names.includes(item(list).issuer));
  }
}

function item({ item }: Paper): { readonly issuer: string } {
  return item.kind === "crl" ? item : item.summary;
}

function isRoot({ item: { summary } }: Certificate): boolean {
  return summary.subject === summary.issuer;
}

function hasExtension({ item }: Certificate, id: string): boolean {
  return item.extensions.some(({ oid }) => oid === id || (id.endsWith(".") && oid.startsWith(id)));
}

/** One paper that came in several files is one. */
function withoutRepeats(papers: readonly Paper[]): readonly Paper[] {
  const digest = ({ item }: Paper): string =>
    item.kind === "crl" ? item.sha256 : item.summary.sha256;
  return [...new Map(papers.map((paper) => [digest(paper), paper])).values()];
}
