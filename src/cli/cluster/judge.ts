/**
 * What an owner judges agents by: the manifest chain and what it names, held
 * against what this machine saw before.
 *
 * @module
 */

import type { Appraiser } from "../../channel/peer.ts";
import { openCall } from "../../channel/client.ts";
import { readOwnerState, rememberManifest, seenBy } from "../../cluster/state.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import { CasemateError } from "../../core/errors.ts";
import type { NodeHost } from "../../core/node_host.ts";
import type { StateFiles } from "../../core/node_ports.ts";
import type { Host } from "../../core/ports.ts";
import { ManifestChain, readReferences } from "../../manifest/mod.ts";
import { MAX_MANIFEST_BYTES } from "../../protocol/limits.ts";
import { MANIFEST_PATH } from "../../protocol/paths.ts";
import { MANIFEST_ANSWER, type ManifestAnswer } from "../../protocol/status.ts";
import { createAppraiser } from "../../services/attest/appraiser.ts";
import * as flags from "./flags.ts";
import type { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";

/** Most bytes of a lab's roots. */
const MAX_ROOT_BYTES = 256 * 1024;

/** What an owner judges by. */
export interface Judge {
  /** The chain, verified. */
  readonly chain: ManifestChain;
  /** Signed reference values that its newest names. */
  readonly references: readonly Uint8Array[];
  /** Judges evidence under them. */
  readonly appraiser: Appraiser;
}

/** What is judged with. */
export interface JudgeParts {
  /** The machine. */
  readonly host: Host;
  /** What asking agents needs. */
  readonly node: NodeHost;
  /** The flags. */
  readonly given: Given;
  /** Reads files. */
  readonly reader: FileReader;
  /** Where this machine remembers; null for nowhere. */
  readonly files: StateFiles | null;
}

/**
 * What an owner judges by: manifests as given, or as the agents tell them.
 *
 * @param parts What is judged with.
 * @param clusterId The cluster, hex.
 * @param urls Addresses to ask, where no manifest is given.
 * @throws {RejectedError | InputError} `manifest.*`
 */
export async function judgeOf(
  parts: JudgeParts,
  clusterId: string,
  urls: readonly string[],
): Promise<Judge> {
  const { host, given, reader, files } = parts;
  const told = given.texts(flags.MANIFEST_FLAG).length > 0
    ? await readGiven(given, reader)
    : await readTold(parts, urls);
  const seen = files === null ? null : seenBy(await readOwnerState(files, clusterId));
  const now = host.clock.now();
  const chain = await ManifestChain.verify(told.manifests, clusterId, { now, seen });
  const references = await readReferences(chain, told.references);
  if (files !== null) await rememberManifest(files, clusterId, chain.seen);
  const labRoots = await readAll(reader, given, flags.LAB_ROOT_FLAG, MAX_ROOT_BYTES);
  const appraiser = createAppraiser({
    chain: () => chain,
    references: () => references,
    ...{ labRoots, engine: inlineEngine, clock: host.clock },
  });
  return { chain, references: told.references, appraiser };
}

async function readGiven(given: Given, reader: FileReader): Promise<ManifestAnswer> {
  return {
    manifests: await readAll(reader, given, flags.MANIFEST_FLAG, MAX_MANIFEST_BYTES),
    references: await readAll(reader, given, flags.REFERENCE_FLAG, MAX_MANIFEST_BYTES),
  };
}

/** The longest chain that an agent tells: shorter ones are older, or the verification tells of the fork. */
async function readTold(
  { host, node, given, reader }: JudgeParts,
  urls: readonly string[],
): Promise<ManifestAnswer> {
  const asked = await Promise.all(urls.map(async (url) => {
    const asking = { clients: node.clients, url, random: host.random, monotonic: node.monotonic };
    const path = MANIFEST_PATH;
    try {
      return await openCall(asking, { path, method: "GET", answer: MANIFEST_ANSWER });
    } catch (error) {
      // That one of several does not answer is told where its evidence is asked for.
      if (error instanceof CasemateError) return error;
      throw error;
    }
  }));
  const told = asked.flatMap((one) => one === null || one instanceof CasemateError ? [] : [one])
    .sort((a, b) => b.manifests.length - a.manifests.length)[0];
  const failed = asked.find((one) => one instanceof CasemateError);
  if (told === undefined && failed !== undefined) throw failed;
  if (told === undefined || told.manifests.length === 0) {
    const flag = `--${flags.MANIFEST_FLAG}`;
    const message = `No agent tells its manifest; give the owner's with ${flag}`;
    throw flagError("input.missing", message, flag);
  }
  const own = await readAll(reader, given, flags.REFERENCE_FLAG, MAX_MANIFEST_BYTES);
  return own.length === 0 ? told : { ...told, references: own };
}

async function readAll(
  reader: FileReader,
  given: Given,
  flag: string,
  limit: number,
): Promise<readonly Uint8Array[]> {
  const files: Uint8Array[] = [];
  for (const path of given.knows(flag) ? given.texts(flag) : []) {
    files.push((await reader.read(`--${flag}`, path, limit)).bytes);
  }
  return files;
}
