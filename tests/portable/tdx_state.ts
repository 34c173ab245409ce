/**
 * Minted evidence that is bent step by step, and the questions that both
 * engines are asked about it.
 *
 * @module
 */

import { frame, uint64 } from "../../src/core/bytes.ts";
import { frameAnchors } from "../../src/evidence/anchors.ts";
import type { IntelAuthority, MintedTdx } from "../../src/lab/mod.ts";
import { mintTdx, type MintTdxOptions } from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { NOW } from "../lab_authority.ts";
import { asFile } from "../tdx/ask.ts";
import { enclaveLevels, modules, platformLevels, svn, tcbInfo } from "../tdx/levels.ts";
import type { Dice } from "../bends/dice.ts";
import type { Asked, Question } from "./tally.ts";

/** Files of the collateral, by the lab's names for them. */
export type CollateralFile =
  | "tcbInfo"
  | "qeIdentity"
  | "tcbChain"
  | "pckCrl"
  | "rootCrl"
  | "pckCrlChain";

/** Evidence on its way from right to bent. */
export interface State {
  /** Who minted it. */
  readonly authority: IntelAuthority;
  /** As it was minted: keys, and certificates as DER. */
  readonly minted: MintedTdx;
  /** Kind of TEE that is asked for. */
  readonly tee: string;
  /** The quote. */
  readonly quote: Uint8Array;
  /** Collateral; null where none is given. */
  readonly collateral: Readonly<Record<CollateralFile, Uint8Array | null>> | null;
  /** Certificates of roots that are trusted; not all of them can be read. */
  readonly roots: readonly Uint8Array[];
  /** Whether the roots are a lab's. */
  readonly lab: boolean;
  /** Seconds since 1970. */
  readonly now: number;
  /** Files that are shown, too. */
  readonly shown: readonly Uint8Array[];
  /** What was done to it. */
  readonly steps: readonly string[];
}

const SHAPES: readonly Partial<MintTdxOptions>[] = [
  { version: 4 },
  { version: 4, ca: "processor" },
  { version: 4, teeTcbSvn: svn(5, 0, 3) },
  { version: 5 },
  { version: 5, body: "tdx-1.0", ca: "processor" },
  { version: 5, moduleStatus: "OutOfDate", teeTcbSvn2: svn(8, 1, 3), teeTcbSvn: svn(4, 1, 3) },
  { version: 3 },
  { version: 4, body: "sgx" },
  { version: 5, body: "sgx", ca: "processor" },
];

const STATUSES = [
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
  "Revoked",
] as const;

const minted = new Map<number, Promise<MintedTdx>>();

/** Evidence of one of the usual shapes, minted once, or of a platform whose SVNs the dice decide. */
export async function freshState(dice: Dice): Promise<State> {
  const authority = await intelAuthority();
  return stateOf(authority, await (dice.once(2) ? mintDiced : mintShape)(authority, dice));
}

/** Evidence of version 4 with nothing special about it. */
export async function plainState(): Promise<State> {
  const authority = await intelAuthority();
  return stateOf(authority, await mintTdx(authority, { now: NOW }));
}

function mintShape(authority: IntelAuthority, dice: Dice): Promise<MintedTdx> {
  const shape = dice.below(SHAPES.length);
  const known = minted.get(shape) ?? mintTdx(authority, { now: NOW, ...SHAPES[shape] });
  minted.set(shape, known);
  return known;
}

/** SVNs and levels so close to each other that each comparison goes either way. */
async function mintDiced(authority: IntelAuthority, dice: Dice): Promise<MintedTdx> {
  const { keys } = await mintShape(authority, dice);
  const small = (): number => dice.below(4);
  const few = <T>(make: () => T): T[] => Array.from({ length: 1 + dice.below(4) }, make);
  const level = (): readonly [number, string] => [small(), dice.pick(STATUSES)];
  const platform = () => ({
    status: dice.pick(STATUSES),
    sgx: [small(), small(), dice.below(2)],
    pceSvn: small(),
    tdx: [small(), dice.below(2), small()],
    ...(dice.once(2) ? { advisoryIDs: few(() => `INTEL-SA-${dice.below(9)}`) } : {}),
  });
  const shape = dice.pick(SHAPES);
  const identities = shape.body === "sgx" || shape.version === 3 ? [] : [modules(
    { id: "TDX_01", levels: few(level) },
    { id: `TDX_0${2 + dice.below(2)}`, levels: few(level) },
  )];
  return await mintTdx(authority, {
    now: NOW,
    ...shape,
    keys,
    teeTcbSvn: svn(small(), dice.below(4), small()),
    teeTcbSvn2: svn(small(), dice.below(4), small()),
    pck: { components: Array.from({ length: 16 }, small), pceSvn: small() },
    qeStatus: dice.pick(STATUSES),
    bends: {
      ...tcbInfo(platformLevels(few(platform)), ...identities),
      qeIdentity: (whole) => ({
        ...whole,
        tcbLevels: enclaveLevels(few(() => [dice.below(9), dice.pick(STATUSES)])),
      }),
    },
  });
}

function stateOf(authority: IntelAuthority, evidence: MintedTdx): State {
  const { quote, der, tcbInfo, qeIdentity, tcbChain, pckCrlChain } = evidence;
  return {
    authority,
    minted: evidence,
    tee: evidence.mrTd.length === 0 ? "SGX" : "TDX",
    quote,
    collateral: {
      tcbInfo: asFile(tcbInfo),
      qeIdentity: asFile(qeIdentity),
      tcbChain: asFile(tcbChain),
      pckCrl: der.pckCrl,
      rootCrl: der.rootCrl,
      pckCrlChain: asFile(pckCrlChain),
    },
    roots: [der.root],
    lab: true,
    now: NOW.getTime() / 1000,
    shown: [],
    steps: [],
  };
}

/** All that both engines are asked about a state. */
export async function questionsOf(state: State): Promise<Asked["questions"]> {
  const roots = await Promise.all(state.roots.map((root) => anchorOf(root, state)));
  const verify: Question = ["tdx_verify", [
    asFile(state.tee),
    state.quote,
    frameCollateral(state.collateral),
    frameAnchors(roots),
    uint64(state.now),
  ]];
  const shown = [state.quote, ...state.shown].flatMap((file): readonly Question[] => [
    ["tdx_quote", [file]],
    ["tdx_collateral", [file]],
    ["tdx_pck", [file]],
    ["x509_describe", [file]],
  ]);
  return [verify, ...shown];
}

function frameCollateral(collateral: State["collateral"]): Uint8Array {
  if (collateral === null) return new Uint8Array();
  const { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl, pckCrlChain } = collateral;
  const files = [tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl];
  const present = files.map((file) => file ?? new Uint8Array());
  return frame([...present, frame(pckCrlChain === null ? [] : [pckCrlChain])]);
}

/** The key is the authority's, whatever the certificate says. */
async function anchorOf(root: Uint8Array, { authority, lab }: State) {
  return {
    line: "",
    certificateSha256: await sha256(root),
    spkiSha256: await sha256(authority.root.key.spki),
    lab,
  };
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
