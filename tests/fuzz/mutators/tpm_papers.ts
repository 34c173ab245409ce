/**
 * TPMs: the certificate of an attestation key, those of its issuers, and their
 * revocation lists.
 *
 * @module
 */

import fc from "fast-check";
import { equal, toHex } from "../../../src/core/bytes.ts";
import { ecdsa } from "../../../src/lab/mod.ts";
import { tpmAuthority } from "../../tpm_authority.ts";
import { type Kind, kindOf } from "../kind.ts";
import { someSteps, type Step, takeSteps } from "../steps.ts";
import { askTpm, TPM_BASES, type TpmBase, tpmBase } from "./tpm_bases.ts";
import {
  fileOf,
  freshPapers,
  objectionToPapers,
  type Office,
  PAPER_STEPS,
  PAPER_WEIGHTS,
  type Papers,
  plainItems,
} from "./x509_papers.ts";
import { partOf } from "./x509_difference.ts";

/** Parts that an issuer may write as it likes. */
const ALLOWED: ReadonlySet<string> = new Set([
  "serial",
  "distribution points",
  "subject key identifier",
  "authority key identifier",
  "list number",
  // What the certificate says of its TPM is told, with who said it.
  "ak: subject",
  "ak: common name",
  "ak: extension 551d11",
]);

async function officeOf({ minted }: TpmBase): Promise<Office> {
  const authority = await tpmAuthority("P-256");
  const { ak, issuing, root, issuingCrl, rootCrl } = minted.der;
  const [rootKey, issuingKey] = [authority.root.key, authority.issuing.key];
  return {
    minted: { ak, issuing, root, issuingCrl, rootCrl },
    keys: {
      ...{ ak: issuingKey, issuing: rootKey, root: rootKey },
      ...{ issuingCrl: issuingKey, rootCrl: rootKey },
    },
    algorithm: ecdsa("SHA-256"),
    files: { akCert: ["ak"], issuers: ["issuing"], first: ["issuingCrl"], second: ["rootCrl"] },
    text: [],
  };
}

/**
 * The key's own certificate stands first, its issuer somewhere; what nothing
 * needs is passed by, since a pool of certificates has no order. Both lists
 * must be there, in either file.
 */
function objectionToFiles(papers: Papers): string | null {
  const { now } = papers;
  const certificates = [...itemsOf(papers, "akCert"), ...itemsOf(papers, "issuers")];
  const [first] = certificates;
  const has = (items: readonly Uint8Array[], name: string): boolean =>
    items.some((item) => equal(item, now[name] ?? new Uint8Array()));
  if (first === undefined || !has([first], "ak")) return "another certificate stands first";
  if (!has(certificates, "issuing")) return "the issuer is not there";
  const lists = [...itemsOf(papers, "first"), ...itemsOf(papers, "second")];
  const missing = ["issuingCrl", "rootCrl"].find((name) => !has(lists, name));
  return missing === undefined ? null : `${missing} is not there`;
}

/** One item after the other; what was accepted can be taken apart. */
function itemsOf(papers: Papers, role: string): readonly Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let rest = plainItems(fileOf(papers, role)); rest.length > 0;) {
    const first = rest[1] ?? 0;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    const long = rest.subarray(2, 2 + octets).reduce((sum, octet) => sum * 256 + octet, 0);
    const size = 2 + octets + (octets === 0 ? first : long);
    items.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return items;
}

/**
 * Extensions of which an issuer may say more, as DER in hex: extended key usage
 * with the TCG's purpose for attestation keys, or that of endorsement keys, which
 * a cloud provider writes; basic constraints of who is no authority, and of
 * authorities with room for the path.
 */
const OPEN: readonly (readonly [name: string, part: string, fits: RegExp])[] = [
  ["ak", "extension 551d25", /06056781050803|06056781050801/],
  ["ak", "basic constraints", /^(04023000)?$/],
  ["issuing", "basic constraints", /^04..30..0101ff(0201[0-7].)?$/],
  ["root", "basic constraints", /^04..30..0101ff(0201(0[1-9a-f]|[1-7].))?$/],
];

/** Parts that differ in a way that is left to the issuer. */
function allowedIn({ now }: Papers): ReadonlySet<string> {
  const open = OPEN.filter(([name, part, fits]) =>
    fits.test(toHex(partOf(now[name] ?? new Uint8Array(), part)))
  );
  return new Set([...ALLOWED, ...open.map(([name, part]) => `${name}: ${part}`)]);
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

function papersKind(id: string, says: string, names: readonly string[]): Kind {
  return kindOf<Given>({
    id,
    says,
    given: () =>
      Promise.resolve(fc.record({
        base: fc.nat(TPM_BASES.length - 1),
        steps: someSteps(PAPER_STEPS, PAPER_WEIGHTS),
      })),
    async judge({ base: number, steps }) {
      const base = await tpmBase(number);
      const start = freshPapers(await officeOf(base), names);
      const papers = await takeSteps(PAPER_STEPS, start, steps);
      const [akCert, issuers, ...lists] = ["akCert", "issuers", "first", "second"]
        .map((role) => fileOf(papers, role));
      const root = papers.now["root"];
      return await askTpm({
        base,
        files: {
          akCert: akCert ?? new Uint8Array(),
          akCertIssuers: [issuers ?? new Uint8Array()],
          akCertCrls: lists,
        },
        roots: papers.trusted && root !== undefined ? [root] : [],
        objection: () => objectionToPapers(papers, allowedIn(papers), objectionToFiles),
      });
    },
  });
}

/** Certificates of attestation keys. */
export const tpmChain: Kind = papersKind(
  "tpm-chain",
  "certificates of attestation keys and of their issuers, in PEM and DER",
  ["ak", "ak", "issuing", "root"],
);

/** Revocation lists of their issuers. */
export const tpmList: Kind = papersKind(
  "tpm-list",
  "revocation lists of the issuers of attestation keys",
  ["issuingCrl", "rootCrl"],
);
