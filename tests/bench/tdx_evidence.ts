/**
 * The TDX evidence that is measured: a real quote where the corpus is there, else one of the lab.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Anchor } from "../../src/evidence/anchors.ts";
import { readFiles, type TdxFiles } from "../../src/evidence/tdx/files.ts";
import type { Collateral } from "npm:@phala/dcap-qvl@0.3.9";
import type { TdxCase } from "../oracle/tdx/case.ts";
import { corpus, realCase } from "../oracle/tdx/corpus.ts";
import { anchorsOf } from "../oracle/tdx/judge.ts";
import { labCase } from "../oracle/tdx/lab.ts";
import { takeApart } from "../oracle/tdx/quote.ts";
import type { BareSignature } from "./evidence.ts";

/** The real quote: of version 4, up to date, with collateral of its time. */
const REAL = "tdx/v4-dcapqvl-b0c06f";

/** SubjectPublicKeyInfo of a P-256 key up to X and Y (RFC 5480 §2). */
const SPKI_HEAD = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";

/** What all contenders verify. */
export interface TdxBenchEvidence {
  /** Where it is from. */
  readonly name: string;
  /** Whether it stands under Intel's root. */
  readonly real: boolean;
  /** The case, as oracles are asked. */
  readonly asked: TdxCase;
  /** The files, as this project's verifier takes them. */
  readonly files: TdxFiles;
  /** Roots that are trusted for it. */
  readonly anchors: readonly Anchor[];
}

/** Chooses the evidence. */
export async function chooseTdxEvidence(): Promise<TdxBenchEvidence> {
  const real = corpus.size > 0;
  const asked = real ? realCase(REAL) : await labCase("bench");
  return {
    name: real ? REAL : "lab TDX quote of version 4",
    real,
    asked,
    files: readFiles({ ...asked.input }),
    anchors: await anchorsOf(asked.root),
  };
}

/** The quote's signature by its attestation key. */
export function quoteSignature({ files: { quote } }: TdxBenchEvidence): BareSignature {
  const { signedPart, signature, attestationKey } = takeApart(quote);
  const spki = concat(Uint8Array.fromHex(SPKI_HEAD), attestationKey);
  return { spki, message: concat(signedPart), signature: concat(signature) };
}

/** Collateral as the packages of Phala take it: documents as text, bytes as hex. */
export function phalaCollateral({ asked }: TdxBenchEvidence): Collateral {
  const { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl } = { ...asked.input, ...asked.plain };
  const chain = new TextDecoder().decode(tcbChain);
  const [info, identity] = [tcbInfo, qeIdentity].map(signedText);
  if (info === undefined || identity === undefined) {
    throw new Error("there is no collateral");
  }
  return {
    pck_crl_issuer_chain: "",
    root_ca_crl: rootCrl.toHex(),
    pck_crl: pckCrl.toHex(),
    tcb_info_issuer_chain: chain,
    tcb_info: info.text,
    tcb_info_signature: info.signature,
    qe_identity_issuer_chain: chain,
    qe_identity: identity.text,
    qe_identity_signature: identity.signature,
  };
}

/** A document's signed text and signature. */
function signedText(file: Uint8Array): { readonly text: string; readonly signature: string } {
  const [, text = "", signature = ""] =
    /^\{"[a-zA-Z]+":(.*),"signature":"([0-9a-fA-F]+)"\}\s*$/s.exec(
      new TextDecoder().decode(file),
    ) ?? [];
  return { text, signature };
}
