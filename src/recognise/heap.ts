/**
 * Files that somebody gave in a heap: which is what, and what can be verified with them.
 *
 * @module
 */

import type { AuditBundle } from "../audit/bundle.ts";
import type { Engine } from "../core/crypto.ts";
import { CasemateError } from "../core/errors.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { technologies } from "../evidence/registry.ts";
import { type Assignment, assignTo } from "./assign.ts";
import { aboutKind, type KindId, type Piece } from "./kinds.ts";
import { type Look, lookAt, type NamedFile, type What } from "./look.ts";
import { type Paper, placePapers } from "./papers.ts";

/** One of the files, for a person. */
export interface SeenFile {
  /** Its name. */
  readonly name: string;
  /** Its length, bytes. */
  readonly bytes: number;
  /** What it is, one line. */
  readonly says: string;
  /** Whether it is known and whole. */
  readonly known: boolean;
  /** What must be said of how it was read; null where that is nothing. */
  readonly note: string | null;
}

/** Evidence that can be verified, or nearly. */
export interface Candidate extends Assignment {
  /** Bytes of the statement; null where there is none. */
  readonly statement: Uint8Array | null;
  /** Whether all of it came in one file with its statement. */
  readonly isEnvelope: boolean;
  /** Name of the file that it came in; null where it came in several. */
  readonly from: string | null;
}

/** A root that somebody gave, to be believed or not. */
export interface GivenRoot {
  /** Its subject, RFC 4514. */
  readonly subject: string;
  /** SHA-256 of the certificate, hex. */
  readonly sha256: string;
  /** DER. */
  readonly der: Uint8Array;
}

/** A document by which evidence is judged. */
export interface Terms {
  /** Its name. */
  readonly name: string;
  /** The document as plain data; undefined where somebody signed it. */
  readonly document?: unknown;
  /** The file. */
  readonly bytes: Uint8Array;
}

/** A heap of files, sorted. */
export interface Heap {
  /** The files in their order. */
  readonly files: readonly SeenFile[];
  /** What can be verified, the best first; several where the files could be evidence of several kinds. */
  readonly candidates: readonly Candidate[];
  /** Verifications that somebody kept. */
  readonly audits: readonly { readonly name: string; readonly bundle: AuditBundle }[];
  /** Policies. */
  readonly policies: readonly Terms[];
  /** Reference values that nobody signed. */
  readonly references: readonly Terms[];
  /** Reference values that somebody signed. */
  readonly signed: readonly Terms[];
  /** Public keys that could have signed them. */
  readonly keys: readonly Terms[];
  /** What verifiers signed; none of it is looked into. */
  readonly tokens: readonly Terms[];
  /** Keys of verifiers, as they publish them. */
  readonly verifierKeys: readonly Terms[];
  /** Roots of labs: certificates that signed themselves and carry the lab's mark. */
  readonly labRoots: readonly GivenRoot[];
}

/** A file and what it is; null where it is damaged. */
interface Seen {
  readonly file: NamedFile;
  readonly look: Look | null;
  readonly problem: string | null;
}

/**
 * Sorts a heap of files by their content. Names count for nothing.
 *
 * @param engine Verification engine.
 * @param files The files.
 */
export async function sortHeap(engine: Engine, files: readonly NamedFile[]): Promise<Heap> {
  const seen: Seen[] = [];
  for (const file of files) seen.push(await see(engine, file));
  const known = seen.flatMap(({ file, look }) => look === null ? [] : [{ file, look }]);
  const found = known.flatMap(({ look: { what } }) => what.kind === "pieces" ? [what] : []);
  const loose = [...found.flatMap(({ pieces }) => pieces), ...signaturesIn(known)];
  const papers = found.flatMap(({ papers }) => papers);
  const kinds = new Set<KindId>([...loose.map(({ kind }) => kind), ...kindsInside(known)]);
  const pieces = [...loose, ...placePapers(papers, kinds)];
  const of = <K extends What["kind"]>(kind: K): readonly (Terms & { readonly what: What })[] =>
    known.filter(({ look }) => look.what.kind === kind).map(({ file, look }) => ({
      name: file.name,
      bytes: look.bytes,
      what: look.what,
      ...("document" in look.what ? { document: look.what.document } : {}),
    }));
  return {
    files: seen.map((one) => describe(one, pieces)),
    candidates: candidatesOf(known, pieces, of("statement")[0]?.bytes ?? null),
    audits: known.flatMap(({ file, look: { what } }) =>
      what.kind === "audit" ? [{ name: file.name, bundle: what.bundle }] : []
    ),
    policies: of("policy"),
    references: [...of("reference"), ...of("either")],
    signed: of("signed-reference"),
    tokens: of("token"),
    verifierKeys: of("keys"),
    keys: loose.filter(({ kind }) => kind === "public-key").map(({ from, bytes }) => ({
      name: from,
      bytes,
    })),
    labRoots: labRootsIn(papers),
  };
}

async function see(engine: Engine, file: NamedFile): Promise<Seen> {
  try {
    return { file, look: await lookAt(engine, file), problem: null };
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    return { file, look: null, problem: error.message };
  }
}

type Known = readonly { readonly file: NamedFile; readonly look: Look }[];

/** Kinds of what envelopes hold, since papers beside them belong to it. */
function kindsInside(known: Known): readonly KindId[] {
  return known.flatMap(({ look: { what } }): readonly KindId[] => {
    if (what.kind !== "envelope") return [];
    const { files } = what.envelope;
    return [
      ...(files["report"] === undefined ? [] : ["snp-report" as const]),
      ...(files["tpmQuoteMsg"] === undefined ? [] : ["tpm-quote" as const]),
      ...(files["document"] === undefined ? [] : ["nitro-document" as const]),
      ...(files["identityDocument"] === undefined ? [] : ["ec2-identity" as const]),
    ];
  });
}

/** Lengths of plain RSA signatures, bytes; those of ECDSA in DER are shorter than 150. */
const RSA_BYTES: readonly number[] = [256, 384, 512];

/** Bytes of no known kind are taken for the signature where a quote has none and they could be one. */
function signaturesIn(known: Known): readonly Piece[] {
  const pieces = known.flatMap(({ look: { what } }) => what.kind === "pieces" ? what.pieces : []);
  const count = (kind: KindId): number => pieces.filter((piece) => piece.kind === kind).length;
  const wanted = count("tpm-quote") - count("tpm-signature");
  const unknown = known.filter(({ look: { what, bytes } }) =>
    what.kind === "unknown" &&
    (RSA_BYTES.includes(bytes.length) || (bytes[0] === 0x30 && bytes[1] === bytes.length - 2))
  );
  return wanted <= 0 || unknown.length !== wanted ? [] : unknown.map(({ file, look }) => ({
    kind: "tpm-signature",
    bytes: look.bytes,
    from: file.name,
    whole: look.written === null,
  }));
}

function candidatesOf(
  known: Known,
  pieces: readonly Piece[],
  statement: Uint8Array | null,
): readonly Candidate[] {
  const envelopes = known.flatMap(({ file, look: { what } }): readonly Candidate[] => {
    if (what.kind !== "envelope") return [];
    const technology = technologyOf(what.envelope.variant);
    if (technology?.facts === undefined) return [];
    const assigned = assignTo(technology, pieces, what.envelope.files);
    return [{ ...assigned, statement: what.envelope.statement, isEnvelope: true, from: file.name }];
  });
  if (envelopes.length > 0) return envelopes;
  const all = technologies.map((technology: AnyTechnology): Candidate => ({
    ...assignTo(technology, pieces),
    statement: technology.facts === undefined ? null : statement,
    isEnvelope: false,
    from: null,
  }));
  return ranked(
    all.filter((one) => one.placed.some(({ piece }) => aboutKind(piece.kind).vendor !== true)),
  );
}

function technologyOf(id: string): AnyTechnology | undefined {
  return technologies.find((technology) => technology.id === id);
}

/**
 * Those that leave least of the files unused and lack the least; of these the
 * one that takes the fewest other files first, since nothing speaks for more.
 */
function ranked(all: readonly Candidate[]): readonly Candidate[] {
  const score = ({ placed, missing, problem }: Candidate): number =>
    placed.length * 4 - missing.length * 3 - (problem === null ? 0 : 2);
  const best = Math.max(...all.map(score));
  return all.filter((one) => score(one) === best)
    .sort((a, b) => a.technology.files.length - b.technology.files.length);
}

function labRootsIn(papers: readonly Paper[]): readonly GivenRoot[] {
  const roots = papers.flatMap(({ item, der }) => {
    if (item.kind !== "certificate" || !item.lab) return [];
    const { subject, issuer, sha256 } = item.summary;
    return subject === issuer ? [{ subject, sha256, der }] : [];
  });
  return [...new Map(roots.map((root) => [root.sha256, root])).values()];
}

/** What is told of files that are no pieces. */
const TITLES = {
  "audit": "Audit bundle: a verification that somebody kept",
  "statement": "Statement of a node",
  "policy": "Policy",
  "reference": "Reference values: what should run",
  "either": "Pinned values, taken as reference values",
  "signed-reference": "Signed reference values",
  "token":
    "Attestation token (EAR): a verifier’s word about evidence, and no evidence; `casemate result verify` checks it",
  "keys": "Public keys of a verifier, for `casemate result verify`",
} as const;

function describe({ file, look, problem }: Seen, pieces: readonly Piece[]): SeenFile {
  const { name, bytes: { length: bytes } } = file;
  if (look === null) return { name, bytes, says: problem ?? "Damaged", known: false, note: null };
  const { what, written } = look;
  const own = pieces.filter(({ from }) => from.split(", ").includes(name));
  const known = what.kind === "pieces"
    ? own.length > 0 || what.papers.length > 0
    : what.kind !== "unknown" || own.length > 0;
  const note = written === null ? null : `written in ${written}`;
  return { name, bytes, says: saysOf(what, own), known, note };
}

function saysOf(what: What, own: readonly Piece[]): string {
  switch (what.kind) {
    case "envelope":
      return `${what.title}: evidence of ${
        technologyOf(what.envelope.variant)?.title ?? what.envelope.variant
      }, with the node’s statement`;
    case "pieces":
    case "unknown": {
      const titles = [...new Set(own.map(({ kind }) => aboutKind(kind).title))];
      const title = titles.join("; ");
      if (what.kind === "unknown") {
        return own.length === 0 ? what.says : `${title}, by its length alone`;
      }
      if (own.length === 0) return papersSay(what.papers);
      return what.title === null ? title : `${what.title}: ${title}`;
    }
    default:
      return TITLES[what.kind];
  }
}

function papersSay(papers: readonly Paper[]): string {
  const names = papers.map(({ item }) =>
    item.kind === "crl"
      ? `Revocation list of ${item.issuer}`
      : `Certificate of ${item.summary.subject}`
  );
  return `${names.join("; ")}: nothing here needs it`;
}
