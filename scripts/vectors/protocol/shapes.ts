/**
 * Shapes of the protocol's vectors. Bytes are lowercase hex.
 *
 * @module
 */
import type { Statement } from "../../../src/evidence/statement/statement.ts";

/** Bytes that a reader must refuse. */
export interface Refusal {
  /** What is wrong. */
  readonly says: string;
  /** The bytes. */
  readonly bytes: string;
  /** Code of the refusal. */
  readonly code: string;
}

/** `statements.json`. */
export interface StatementVectors {
  /** Statements and their canonical bytes. */
  readonly cases: readonly {
    readonly says: string;
    readonly statement: Statement;
    readonly bytes: string;
  }[];
  /** What is no statement. */
  readonly refusals: readonly Refusal[];
}

/** `bindings.json`. */
export interface BindingVectors {
  /** What a nonce and a statement come to. */
  readonly bindings: readonly {
    readonly nonce: string;
    readonly statement: string;
    readonly binding: string;
    /** Name of an attestation key; empty for none. */
    readonly akName: string;
    readonly reportData: string;
    /** Hardware report beside a quote; null for none. */
    readonly report: string | null;
    readonly qualifyingData: string;
  }[];
  /** What the runtime register holds after the phase of a statement. */
  readonly registers: readonly {
    readonly statement: string;
    readonly sha256: string;
    readonly sha384: string;
  }[];
}

/** `envelopes.json`. */
export interface EnvelopeVectors {
  /** Envelopes in every form. */
  readonly cases: readonly {
    readonly says: string;
    readonly variant: string;
    readonly statement: string;
    /** Files by role; a list where there may be several. */
    readonly files: Readonly<Record<string, string | readonly string[]>>;
    readonly envelope: string;
    readonly cmwJson: string;
    readonly cmwCbor: string;
    /** Values of the extension id-pe-cmw, DER. */
    readonly extensionJson: string;
    readonly extensionCbor: string;
  }[];
  /** What is no envelope. */
  readonly refusals: readonly Refusal[];
  /** What is no CMW record of an envelope. */
  readonly cmwRefusals: readonly Refusal[];
}
