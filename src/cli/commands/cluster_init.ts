/**
 * `casemate cluster init`: the owner makes a machine the first control plane.
 *
 * @module
 */

import { initCluster, type InitDone } from "../../cluster/init.ts";
import { toHex } from "../../core/bytes.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import type { NodeHost } from "../../core/node_host.ts";
import type { StateFiles } from "../../core/node_ports.ts";
import type { PublicKey } from "../../core/signing_key.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import { epochRoot } from "../../keys/derive.ts";
import { MAX_MASTER_SECRET_BYTES, readMasterSecret } from "../../keys/master_secret.ts";
import { STORE_ACCESS, type StoreAccess } from "../../protocol/store_access.ts";
import { withFlag } from "../collateral/key_files.ts";
import { judgeOf } from "../cluster/judge.ts";
import { forgetful, remembering } from "../cluster/remembering.ts";
import { readAgentUrl } from "../cluster/url.ts";
import * as flags from "../cluster/flags.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { readCount } from "../serve/count.ts";
import { withSigners } from "../keys/signers.ts";
import { readManifestFiles } from "../manifest/files.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Most bytes of the access to a store. */
const MAX_STORE_BYTES = 64 * 1024;

/** Flags without which nothing is begun. */
const REQUIRED = [flags.URL_FLAG, flags.OWNER_FLAG, flags.MASTER_FLAG] as const;

/**
 * Initialises a cluster.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 * @throws {RejectedError | UnavailableError} what the machine is refused with, and what it refuses with
 */
export async function initialiseCluster(context: Context, given: Given): Promise<void> {
  const { host } = context;
  refuseMissing(given);
  const node = await host.node();
  const reader = new FileReader(host.files);
  const done = await remembering(
    node,
    given.text(flags.STATE_FLAG),
    (files) => run(context, given, { node, reader, files }),
  );
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return host.terminal.out(`${printableJson(asJson(done))}\n`);
  }
  const { nodeName, manifestDigest, already, isSameSecret, peer } = done;
  const was = already ? "was initialised before" : "is initialised";
  host.terminal.out(
    `${printable(`The cluster ${was}; its first control plane is ${nodeName}`)}\n` +
      `  evidence   ${peer.verdict}, ${printable(peer.variant)}\n` +
      `  manifest   ${manifestDigest}\n` +
      (isSameSecret ? "" : `${UNCOMPARED}\n`),
  );
}

/** A member is given no secret, so it compares none. */
const UNCOMPARED =
  "  secret     not compared: nothing here remembers with which master secret that was";

function refuseMissing(given: Given): void {
  const absent = REQUIRED.filter((flag) => given.text(flag) === undefined);
  const all = given.texts(flags.MANIFEST_FLAG).length === 0
    ? [...absent, flags.MANIFEST_FLAG]
    : absent;
  if (all.length === 0) return;
  const typed = all.map((flag) => `--${flag}`);
  const message = `Cannot initialise a cluster without ${typed.join(", ")}`;
  throw flagError("input.missing", message, typed.join(", "));
}

interface Tools {
  readonly node: NodeHost;
  readonly reader: FileReader;
  readonly files: StateFiles | null;
}

async function run(
  context: Context,
  given: Given,
  { node, reader, files }: Tools,
): Promise<InitDone> {
  const { host } = context;
  const url = readAgentUrl(`--${flags.URL_FLAG}`, given.text(flags.URL_FLAG) ?? "");
  const manifests = given.texts(flags.MANIFEST_FLAG);
  const [first] = await readManifestFiles(reader, `--${flags.MANIFEST_FLAG}`, manifests);
  if (first === undefined) throw new TypeError("Cannot initialise a cluster of no manifest");
  // The owner's own files: what they make the cluster's id of, the node compares with its own.
  const { clusterId } = first.manifest;
  const judge = await judgeOf({ host, node, given, reader, files }, clusterId, [url]);
  const epoch = readCount(given, flags.EPOCH_FLAG, 1) ?? 1;
  const root = await readRoot(given, reader, clusterId, epoch);
  const store = await readStore(given, reader);
  const owner = { flag: `--${flags.OWNER_FLAG}`, words: [given.text(flags.OWNER_FLAG) ?? ""] };
  return await withSigners(context, reader, owner, async ([key]) => {
    if (key === undefined) throw new TypeError("Cannot sign with no key");
    requireOwner(first.owner, key.publicKey);
    return await initCluster({
      ...{ ...judge, clients: node.clients, random: host.random, clock: host.clock },
      ...{ monotonic: () => node.monotonic(), url, owner: key, epoch, epochRoot: root, store },
      files: files ?? forgetful(),
      doing: (line) => host.terminal.err(`${printable(line)}\n`),
    });
  });
}

/** The node would refuse what another key signed; told here, nothing is asked and nothing remembered. */
function requireOwner({ id: expected }: PublicKey, { id: actual }: PublicKey): void {
  if (expected === actual) return;
  const flag = `--${flags.OWNER_FLAG}`;
  const message = `Cannot initialise the cluster with ${flag}: its fingerprint is ${actual}, and ` +
    `the cluster's id is of ${expected}`;
  throw flagError("input.conflict", message, flag);
}

async function readRoot(
  given: Given,
  reader: FileReader,
  clusterId: string,
  epoch: number,
): Promise<Uint8Array> {
  const flag = `--${flags.MASTER_FLAG}`;
  const path = given.text(flags.MASTER_FLAG) ?? "";
  const { bytes } = await reader.read(flag, path, MAX_MASTER_SECRET_BYTES);
  const master = await withFlag(flag, () => Promise.resolve(readMasterSecret(bytes, clusterId)));
  return await epochRoot(master, epoch);
}

async function readStore(given: Given, reader: FileReader): Promise<StoreAccess | null> {
  const path = given.text(flags.STORE_FLAG);
  if (path === undefined) return null;
  const flag = `--${flags.STORE_FLAG}`;
  const { bytes } = await reader.read(flag, path, MAX_STORE_BYTES);
  try {
    return STORE_ACCESS.decode(parseStrictJson(bytes), "");
  } catch {
    // What the reader says of it may quote the password.
    throw flagError("input.wrong_kind", `Cannot use ${flag}: it is no access to a store`, flag);
  }
}

function asJson(done: InitDone): object {
  const { nodeName, manifestDigest, nodeAuthority, already, isSameSecret, peer } = done;
  const authority = nodeAuthority === null ? null : toHex(plainHash("sha256", nodeAuthority));
  const { verdict, variant, roots = [], statement: { clusterId } } = peer;
  return {
    ...{ v: 1, clusterId, nodeName, manifestDigest, already, isSameSecret },
    ...{ verdict, variant, roots },
    nodeAuthoritySha256: authority,
  };
}
