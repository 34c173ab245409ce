/**
 * What every technology of attestation evidence gives to the rest of the program.
 *
 * A technology is one object. Flags, policy section, codes, checks and docs hang
 * off it; no other file switches on its name.
 *
 * @module
 */

import type { Engine } from "../core/crypto.ts";
import type { CodeEntry } from "../core/code_entry.ts";
import type { Decoder } from "../core/decode.ts";
import type { Operations } from "../core/portable/engine.ts";
import type { Shown, ShownSection } from "../core/shown.ts";
import type { CollateralItem, CollateralQuestion } from "./collateral.ts";
import type { FilesByRole } from "./files_by_role.ts";
import type { Finding, Link, Root } from "./finding.ts";
import type { StatementExpectation } from "./statement/expectation.ts";
import type { Statement } from "./statement/statement.ts";
import type { VariantFacts } from "./variants/facts.ts";

export type { FilesByRole } from "./files_by_role.ts";

/** Mark that only a `verify` function of its technology can put. */
export declare const proof: unique symbol;

/** Facts that a `verify` function established; `appraise` takes nothing else. */
export type Verified<T> = Readonly<T> & { readonly [proof]: true };

/** What ties the evidence to the question that was asked. */
export type Freshness =
  /** The report data, whole. */
  | { readonly kind: "report-data"; readonly bytes: Uint8Array }
  /** A nonce, zero-padded by the attester to the length of the report data where the technology pads it. */
  | { readonly kind: "nonce"; readonly bytes: Uint8Array }
  /** Of evidence in two parts what each must answer, as a caller states it without a statement. */
  | { readonly kind: "pieces"; readonly nonce: Uint8Array; readonly reportData: Uint8Array }
  /** A statement, which the evidence must be bound to together with the nonce. */
  | StatedFreshness
  /** Nothing: the verdict is at most `platform-only`. */
  | { readonly kind: "none" };

/** A statement and a nonce, and what both come to (protocol §4). */
export interface StatedFreshness {
  /** Tells it from the others. */
  readonly kind: "statement";
  /** The verifier's own nonce, 32 bytes. */
  readonly nonce: Uint8Array;
  /** The statement. */
  readonly statement: Statement;
  /** What the caller expects of it. */
  readonly expected: StatementExpectation;
  /** SHA-512 H("casemate/binding/v1", nonce, statement bytes). */
  readonly binding: Uint8Array;
}

/** A register that holds the phase of the boot (protocol §3). */
export interface RuntimeRegister {
  /** Bank. */
  readonly bank: "sha256" | "sha384";
  /** Number: PCR 15, or RTMR 3. */
  readonly register: 15 | 3;
  /** Value, hex. */
  readonly value: string;
}

/** A product line whose keys are known to be extractable, accepted until a day. */
export type AcceptCompromised = Readonly<Record<string, string>>;

/** What `verify` needs beside the evidence. */
export interface VerifyContext {
  /** Moment at which certificates and collateral must be valid. */
  readonly now: Date;
  /** Lab roots (PEM or DER certificates); empty on the vendor path. */
  readonly labRoots: readonly Uint8Array[];
}

/** What decides whose word the evidence rests on. */
export interface RootContext {
  /** Moment of the verification. */
  readonly now: Date;
  /** Compromised product lines that the policy accepts, each until a day. */
  readonly acceptCompromised: AcceptCompromised;
}

/** Whose word verified evidence rests on. */
export interface Rooted {
  /** The root; of several the weakest. */
  readonly root: Root;
  /** Root of a step of `verify`, by its id, where they are several; else it is `root`. */
  readonly of?: (check: string) => Root;
  /** Root of what ties the evidence to a statement; absent where it is `root`. */
  readonly channel?: Root;
  /** What must be said before the verdict, as an accepted risk. */
  readonly warnings: readonly string[];
}

/** What `appraise` needs beside verified evidence and the technology's own policy. */
export interface AppraiseContext extends RootContext {
  /** What the evidence must answer. */
  readonly freshness: Freshness;
}

/** One kind of file that a technology takes. */
export interface FileInput {
  /** Name in requests, JSON and the corpus, as `chainAskArk`. */
  readonly role: string;
  /** Name of the flag without dashes, as `chain-ask-ark`. */
  readonly flag: string;
  /** Whether verification needs it. */
  readonly required: boolean;
  /** Whether it may be given several times. */
  readonly multiple: boolean;
  /** What it is, for `--help`. */
  readonly says: string;
  /** Whether it stands in the place of others, so that no example has both; absent where it does not. */
  readonly instead?: boolean;
  /** Whether it is believed as it is, as a root that the verifier chooses; absent where something pinned stands above it. */
  readonly believed?: boolean;
}

/** A flag that sets one key of the technology's policy section. */
export interface PolicyFlag {
  /** Name of the flag without dashes. */
  readonly flag: string;
  /** Key of the policy section that it sets, in a part as `tee.measurements`; the section may not set it as well. */
  readonly key: string;
  /** How the value is written, for `--help`, as `HEX`. */
  readonly value: string;
  /** Whether it may be given several times. */
  readonly multiple: boolean;
  /** Whether the value is a number. */
  readonly number: boolean;
  /** What it does, for `--help`. */
  readonly says: string;
}

/** What a `trusted` verdict proves where all findings that it rests on match. */
export interface Claim {
  /** What is proven. */
  readonly says: string;
  /** Ids of the findings that it rests on. */
  readonly needs: readonly string[];
  /** What is not proven where one of them does not match, to stand after "this does not prove". */
  readonly otherwise: string;
}

/** A step of `verify`: what it establishes, in the order in which the steps are done. */
export interface Check {
  /** Id of the finding, which codes name as their `check`. */
  readonly id: string;
  /** Link of the chain of trust that it is about. */
  readonly link: Link;
  /** What is established, for a person. */
  readonly title: string;
  /** Specification that demands it. */
  readonly source: string;
}

/** One technology: a kind of evidence, judged by its own rules under its own roots. */
export interface Technology<
  Id extends string,
  Files extends object,
  Proven extends object,
  Policy extends object,
> {
  /** Stable id, as in the protocol §1. */
  readonly id: Id;
  /** Name under `casemate evidence verify`. */
  readonly command: string;
  /** Full name. */
  readonly title: string;
  /** What its subject is shown to be by a `trusted` verdict, in one word: only a TEE makes anything confidential. */
  readonly trustedMeans: "Confidential" | "Measured";
  /** Length of the data that the guest chooses, bytes; a shorter nonce is zero-padded to it, where `padsNonce` says so. */
  readonly reportDataBytes: number;
  /** Whether the data always have that length; else they are the nonce itself, byte for byte, and nothing can be expected but a nonce. */
  readonly padsNonce: boolean;
  /** Length of report data, bytes, that a caller without a statement states beside the nonce; absent where there are none. */
  readonly reportDataBeside?: number;
  /** What is known of the variant; absent of what is no variant of the protocol, and so takes no statement. */
  readonly facts?: VariantFacts;
  /** Keys of the policy section that are reference values, those of parts as `tee.measurements`. */
  readonly references: readonly string[];
  /** Product lines that a policy can name in `acceptCompromised`, lowercase. */
  readonly productLines: readonly string[];
  /** What it takes. */
  readonly files: readonly FileInput[];
  /** Flags beyond files. */
  readonly flags: readonly PolicyFlag[];
  /** Steps of `verify`, in order. */
  readonly checks: readonly Check[];
  /** Error codes. */
  readonly codes: Readonly<Record<string, CodeEntry>>;
  /** Reads the technology's section of a policy, defaults filled in. */
  readonly policy: Decoder<Policy>;
  /** What a `trusted` verdict of it proves, and what it never does, for a person. */
  readonly proves: { readonly yes: readonly Claim[]; readonly no: readonly string[] };
  /** Takes files by role; refuses missing and superfluous ones with an {@linkcode InputError}. */
  readonly readFiles: (files: FilesByRole) => Files;
  /**
   * Files that the policy section has, by role: what whoever wrote the policy believes as it is. Absent where no section has any.
   *
   * @throws {InputError} `input.conflict` where another file was given in such a role.
   */
  readonly filesOfPolicy?: (section: Policy, files: FilesByRole) => FilesByRole;
  /**
   * Establishes signatures, chains, revocation and bindings.
   *
   * @throws {RejectedError} with a code of this technology.
   */
  readonly verify: (
    engine: Engine,
    files: Files,
    context: VerifyContext,
  ) => Promise<Verified<Proven>>;
  /** Ids of the steps that `verify` passes by for want of input, as revocation without lists. */
  readonly undone: (files: Files) => readonly string[];
  /** Says whose word verified evidence rests on. */
  readonly root: (proven: Verified<Proven>, context: RootContext) => Rooted;
  /** Judges verified evidence against the policy. */
  readonly appraise: (
    proven: Verified<Proven>,
    policy: Policy,
    context: AppraiseContext,
  ) => readonly Finding[];
  /** Registers that hold the phase of the boot, none where they were not quoted; null where no register does. */
  readonly runtimeRegisters?: (proven: Verified<Proven>) => readonly RuntimeRegister[] | null;
  /** Data that who launched the guest set, where they are ours to set: the cluster's id, hex, zeros behind it. */
  readonly launchData?: (proven: Verified<Proven>) => string;
  /** What tells the machine from all others and outlives a boot, where verified evidence names such a thing: a key of its TPM, an instance. */
  readonly machine?: (proven: Verified<Proven>) => string;
  /** Key of the policy section that says whose account at the provider it must be; absent where evidence names none. */
  readonly accountKey?: string;
  /** Key of the policy section without which no account is proven; absent where what proves it is pinned or stands in the evidence. */
  readonly accountProof?: string;
  /** What verified evidence says of its subject beyond the checks, for a person; absent where the checks say all. */
  readonly tell?: (proven: Verified<Proven>) => readonly ShownSection[];
  /**
   * Says what its evidence needs of vendors, all of it, given or not; absent where it needs nothing that can be fetched.
   *
   * @throws {InputError | RejectedError} where the evidence does not say what it needs.
   */
  readonly collateral?: (question: CollateralQuestion) => Promise<readonly CollateralItem[]>;
  /** Finds an item by its key alone; null where the key is none of its own. Absent where it needs nothing that can be fetched. */
  readonly itemOfKey?: (key: string) => CollateralItem | null;
  /** Says what a file is, if it is of this technology. */
  readonly show: (engine: Engine, bytes: Uint8Array) => Promise<Shown | null>;
  /** Loads its operations for the portable engine, which nobody pays for who does not ask; absent where there are none yet. */
  readonly portable?: () => Promise<Operations>;
}

/** Any technology, where its own types do not matter. */
// deno-lint-ignore no-explicit-any -- Proven and Policy stand in both argument and result; only the owner knows them
export type AnyTechnology = Technology<string, any, any, any>;
