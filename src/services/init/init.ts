/**
 * Initialising a cluster in recorded steps. Each may be repeated; whoever ends
 * this node between any two, or in one, finds the same cluster when it goes on.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import type { StateFiles } from "../../core/node_ports.ts";
import type { Clock } from "../../core/ports.ts";
import type { Appraised } from "../../channel/peer.ts";
import type { ManifestChain } from "../../manifest/mod.ts";
import type { InitAnswer, InitBody } from "../../protocol/init.ts";
import type { ControlPlaneGrant, JoinAnswer, JoinBody } from "../../protocol/join.ts";
import type { JoinService } from "../join/service.ts";
import { storeManifests, storeReferences } from "../store/documents.ts";
import { momentText } from "../store/moment.ts";
import type { Store } from "../store/store.ts";
import {
  changeInitRecord,
  claimStore,
  type InitRecord,
  type InitStepName,
  readInitRecord,
  withStep,
} from "./record.ts";
import { keysLost, refuseInit } from "./refuse.ts";
import {
  type ClusterKeys,
  type InitSecrets,
  readInitSecrets,
  writeInitSecrets,
} from "./secrets.ts";

/** What an initialisation is made of. */
export interface InitParts {
  /** The store that the request names. */
  readonly store: Store;
  /** The manifests of the request, verified. */
  readonly chain: ManifestChain;
  /** The signed documents of the request, verified. */
  readonly references: readonly Uint8Array[];
  /** What else the request says. */
  readonly body: Pick<InitBody, "epoch" | "epochRoot" | "store">;
  /** This machine, as its evidence has it, hex. */
  readonly machine: string;
  /** What is proven of this node, with purpose `init`; asked for where it is to be admitted. */
  peer(): Promise<Appraised>;
  /** Group that it was launched for, empty for none; where its agent answers. */
  readonly place: Pick<JoinBody, "group" | "url">;
  /** The time, above its floor. */
  readonly clock: Clock;
  /** Files of this node. */
  readonly files: StateFiles;
  /** Makes the cluster's keys. */
  makeKeys(): Promise<ClusterKeys>;
  /** A join service with these keys. */
  join(secrets: InitSecrets): JoinService;
  /** Whether this boot took its place: what an earlier one did is gone from the register. */
  isPlaced(): boolean;
  /** Takes the place for good: saves it and extends the register. It may be called again. */
  extend(answer: JoinAnswer): Promise<void>;
  /** Is told which step begins. */
  doing(step: InitStepName): void;
}

/** A step. */
export interface InitStep {
  /** Name. */
  readonly name: InitStepName;
  /** Whether it is done. */
  done(): Promise<boolean>;
  /** Does it; what was done of it before stays. */
  do(): Promise<void>;
}

/** What came of an initialisation. */
export interface Initialised {
  /** What the owner is told. */
  readonly answer: InitAnswer;
  /** This node's place; null where all was done before. */
  readonly admission: JoinAnswer | null;
  /** Keys of the cluster. */
  readonly secrets: InitSecrets;
}

/** An initialisation that may go on. */
export interface Init {
  /** Its steps, in order. */
  readonly steps: readonly InitStep[];
  /** What came of it, when all steps are done. */
  result(): Promise<Initialised>;
}

/**
 * Begins an initialisation, or goes on with the one that was begun by the same request.
 *
 * @param parts What it is made of.
 * @throws {RejectedError} `init.done` where it was begun with another manifest, epoch, root or store; `init.other` where another machine has the store.
 * @throws {OperationError} `init.lost`, `store.record`
 * @throws {UnavailableError} `store.unreachable`
 */
export async function createInit(parts: InitParts): Promise<Init> {
  const secrets = await readInitSecrets(parts.files);
  if (secrets !== null && !isSame(secrets, parts)) {
    throw refuseInit("init.done", "it was begun here with another manifest, epoch, key or store");
  }
  const record = (await readInitRecord(parts.store))?.value ?? null;
  if (record !== null) checkClaim(record, parts, secrets);
  const before = record?.steps.includes("done") === true;
  if (before && secrets === null) throw keysLost();
  return new RunningInit(parts, secrets, before);
}

/**
 * Does all steps that are not done yet.
 *
 * @param init The initialisation.
 * @throws whatever a step throws; asked again, it goes on there.
 */
export async function runInit(init: Init): Promise<Initialised> {
  for (const step of init.steps) {
    if (!await step.done()) await step.do();
  }
  return await init.result();
}

/**
 * Records the last steps of an initialisation whose node took its place and was ended then.
 *
 * @param store The store.
 * @param machine This machine, hex; another's initialisation stays as it is.
 * @throws {UnavailableError | OperationError} `store.*`
 */
export async function finishInit(store: Store, machine: string): Promise<void> {
  await changeInitRecord(store, (record) => {
    const admitted = record.machine === machine && record.steps.includes("admission");
    return admitted ? withStep(withStep(record, "phase"), "done") : record;
  });
}

/** Time and the exact bytes of the request do not count: what they say does. */
function isSame({ manifestDigest, grant }: InitSecrets, { chain, body }: InitParts): boolean {
  return manifestDigest === chain.newestDigest && grant.epoch === body.epoch &&
    grant.epochRoot === body.epochRoot &&
    JSON.stringify(grant.store, sorted) === JSON.stringify(body.store, sorted);
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}

/** A machine that its reboot makes another is known by the keys that it kept. */
function checkClaim(record: InitRecord, parts: InitParts, secrets: InitSecrets | null): void {
  const keeps = secrets !== null && record.authority === authorityDigest(secrets);
  if (record.machine !== parts.machine && !keeps) {
    throw refuseInit("init.other", "another machine initialised a cluster in this store");
  }
  if (record.manifestDigest !== parts.chain.newestDigest) {
    throw refuseInit("init.done", "it was begun in this store with another manifest");
  }
}

function authorityDigest({ nodeAuthority }: Pick<InitSecrets, "nodeAuthority">): string {
  return toHex(plainHash("sha256", nodeAuthority));
}

class RunningInit implements Init {
  readonly steps: readonly InitStep[];
  readonly #parts: InitParts;
  readonly #before: boolean;
  #secrets: InitSecrets | null;
  #admission: JoinAnswer | null = null;

  constructor(parts: InitParts, secrets: InitSecrets | null, before: boolean) {
    this.#parts = parts;
    this.#secrets = secrets;
    this.#before = before;
    const { store, chain, references, clock } = parts;
    this.steps = [
      this.#step("claim", () => this.#claim()),
      this.#step("references", () => storeReferences(store, references)),
      this.#step("manifests", () => storeManifests(store, chain, clock.now())),
      this.#step("keys", () => this.#keys()),
      this.#step("admission", () => this.#admit()),
      this.#step("phase", () => this.#extend()),
      this.#step("done", () => Promise.resolve()),
    ];
  }

  async result(): Promise<Initialised> {
    const record = (await readInitRecord(this.#parts.store))?.value;
    if (this.#secrets === null || record === undefined) throw keysLost();
    const answer: InitAnswer = {
      v: 1,
      role: "control-plane",
      nodeName: record.nodeName,
      manifestDigest: this.#secrets.manifestDigest,
      nodeAuthority: this.#secrets.nodeAuthority,
      already: this.#before ? "yes" : "no",
    };
    return { answer, admission: this.#admission, secrets: this.#secrets };
  }

  #step(name: InitStepName, work: () => Promise<void>): InitStep {
    const act = async () => {
      this.#parts.doing(name);
      await work();
      await changeInitRecord(this.#parts.store, (record) => this.#noted(withStep(record, name)));
    };
    return { name, done: () => this.#isDone(name), do: act };
  }

  /** What became known is written with the step that it came of. */
  #noted(record: InitRecord): InitRecord {
    const authority = this.#secrets === null ? record.authority : authorityDigest(this.#secrets);
    const nodeName = this.#admission?.nodeName ?? record.nodeName;
    const same = authority === record.authority && nodeName === record.nodeName;
    return same ? record : { ...record, authority, nodeName };
  }

  /** Keys that were made and lost before anybody was told of them are made again; each boot takes its place itself. */
  async #isDone(step: InitStepName): Promise<boolean> {
    if (step === "keys" && this.#secrets === null) return false;
    if (step === "phase" && !this.#parts.isPlaced()) return false;
    const record = await readInitRecord(this.#parts.store);
    return record?.value.steps.includes(step) === true;
  }

  async #claim(): Promise<void> {
    const { store, machine, chain, clock } = this.#parts;
    const manifestDigest = chain.newestDigest;
    const begun = {
      v: 1,
      machine,
      manifestDigest,
      authority: "",
      nodeName: "",
      steps: [],
    } as const;
    const there = await claimStore(store, { ...begun, since: momentText(clock.now()) });
    checkClaim(there, this.#parts, this.#secrets);
  }

  /** Kept before anybody is told of them: what was certified under lost keys would be lost as well. */
  async #keys(): Promise<void> {
    if (this.#secrets !== null) return;
    const { chain, body: { epoch, epochRoot, store }, files } = this.#parts;
    const { nodeAuthority, nodeAuthorityKey, logKey } = await this.#parts.makeKeys();
    const grant: ControlPlaneGrant = { epoch, epochRoot, nodeAuthorityKey, logKey, store };
    const secrets: InitSecrets = { v: 1, manifestDigest: chain.newestDigest, nodeAuthority, grant };
    await writeInitSecrets(files, secrets);
    this.#secrets = secrets;
  }

  async #admit(): Promise<void> {
    if (this.#secrets === null) throw keysLost();
    const join = this.#parts.join(this.#secrets);
    this.#admission = await join.admitFirst(await this.#parts.peer(), this.#parts.place);
  }

  /** The same boot is given the same place again, another one the machine's. */
  async #extend(): Promise<void> {
    if (this.#admission === null) await this.#admit();
    if (this.#admission !== null) await this.#parts.extend(this.#admission);
  }
}
