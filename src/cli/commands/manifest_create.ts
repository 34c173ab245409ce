/**
 * `casemate manifest create`: from a configuration to what the owner signs.
 *
 * @module
 */

import { RejectedError } from "../../core/errors.ts";
import type { PublicKey, SigningKey } from "../../core/signing_key.ts";
import { intentOfConfig } from "../../cluster/config/intent.ts";
import { type ReadConfig, variantsIn } from "../../cluster/config/read.ts";
import { newMasterSecret, writeMasterSecret } from "../../keys/master_secret.ts";
import { ManifestChain } from "../../manifest/chain.ts";
import { firstManifest, nextManifest, signManifest } from "../../manifest/create.ts";
import { diffManifests } from "../../manifest/diff.ts";
import { readManifest } from "../../manifest/read.ts";
import { readReferences } from "../../manifest/references.ts";
import type { Manifest } from "../../protocol/manifest.ts";
import { labRootDigests } from "../../services/attest/lab_roots.ts";
import { openConfig, requireValid } from "../config/open.ts";
import type { Context } from "../context.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { withSigners } from "../keys/signers.ts";
import { readPublic } from "../collateral/key_files.ts";
import { historyOf, named, readManifestFiles } from "../manifest/files.ts";
import { readImages } from "../manifest/images.ts";
import { type Created, tellCreated } from "../manifest/tell.ts";
import { refuseThere, writeNew } from "../output/new_file.ts";

const DAY = 24 * 60 * 60 * 1000;

/** The flags, read. */
interface Wanted {
  readonly config: ReadConfig;
  readonly out: string;
  readonly owner: string;
  /** File for the master secret; null for a manifest that is not the first. */
  readonly master: string | null;
  readonly chain: ManifestChain | null;
  readonly newOwner: PublicKey | null;
  readonly labRoots: readonly string[];
}

/**
 * Makes the first manifest of a cluster, or the next of a chain, and signs it.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {CasemateError} where a file or a flag is wrong; nothing is written then.
 */
export async function createManifest(context: Context, given: Given): Promise<void> {
  const reader = new FileReader(context.host.files);
  const wanted = await readWanted(context, reader, given);
  const keys = { flag: "--owner", words: [wanted.owner] };
  const created = await withSigners(context, reader, keys, async ([key]) => {
    if (key === undefined) throw new TypeError("Cannot sign without a key");
    return await create(context, reader, { wanted, key, references: given.texts("reference") });
  });
  const { host } = context;
  if (wanted.master !== null) {
    const master = newMasterSecret(created.read.manifest.clusterId, host.random);
    const bytes = writeMasterSecret(master);
    await writeNew(host, wanted.master, bytes, { flag: "--master", secret: true });
  }
  await writeNew(host, wanted.out, created.read.file, { flag: "--out" });
  tellCreated(context, given, { ...created, out: wanted.out, master: wanted.master });
}

async function readWanted(context: Context, reader: FileReader, given: Given): Promise<Wanted> {
  const [config, owner, out] = required(given, ["config", "owner", "out"]);
  const previous = given.texts("previous");
  const master = masterOf(given, previous.length === 0);
  const { host } = context;
  await refuseThere(host, out, "--out");
  if (master !== null) await refuseThere(host, master, "--master");
  const read = requireValid(await openConfig(context, config, "--config"), "--config");
  const files = await readManifestFiles(reader, "--previous", previous);
  const newOwner = given.text("new-owner");
  return {
    config: read,
    out,
    owner,
    master,
    chain: files.length === 0 ? null : await historyOf(files, "--previous"),
    newOwner: newOwner === undefined ? null : await readPublic(reader, "--new-owner", newOwner),
    labRoots: await readLabRoots(reader, given.texts("lab-root")),
  };
}

function required(given: Given, flags: readonly [string, string, string]) {
  const missing = flags.filter((flag) => given.text(flag) === undefined).map((flag) => `--${flag}`);
  const [one = "", two = "", three = ""] = flags.map((flag) => given.text(flag));
  if (missing.length === 0) return [one, two, three] as const;
  const message = `Cannot make a manifest without ${missing.join(" and ")}`;
  throw flagError("input.missing", message, missing.join(", "));
}

/** A cluster has one master secret, made with its first manifest. */
function masterOf(given: Given, first: boolean): string | null {
  const path = given.text("master");
  if (first && path === undefined) {
    const message = "Cannot make the first manifest of a cluster without --master (file for the " +
      "new master secret, of which all of the cluster's keys are made)";
    throw flagError("input.missing", message, "--master");
  }
  if (!first && path !== undefined) {
    const message = "Cannot use --master with --previous: the cluster has its master secret";
    throw flagError("input.conflict", message, "--master");
  }
  if (first && given.text("new-owner") !== undefined) {
    const message =
      "Cannot use --new-owner without --previous: the first manifest's owner signs it";
    throw flagError("input.conflict", message, "--new-owner");
  }
  return path ?? null;
}

async function readLabRoots(
  reader: FileReader,
  paths: readonly string[],
): Promise<readonly string[]> {
  const files: Uint8Array[] = [];
  for (const path of paths) files.push((await reader.read("--lab-root", path)).bytes);
  const digests = labRootDigests(files);
  if (paths.length === 0 || digests.length > 0) return digests;
  const message = "Cannot use --lab-root: there is no certificate in it";
  throw flagError("input.wrong_kind", message, "--lab-root");
}

async function create(
  context: Context,
  reader: FileReader,
  { wanted, key, references }: {
    readonly wanted: Wanted;
    readonly key: SigningKey;
    readonly references: readonly string[];
  },
): Promise<Omit<Created, "out" | "master">> {
  const { config: read, chain, newOwner, labRoots } = wanted;
  const owner = newOwner ?? chain?.owner ?? key.publicKey;
  const { images, files } = await readImages(reader, references, {
    owners: distinct([...(chain?.owners ?? []), owner]),
    variants: variantsIn(read.config),
    version: read.config.image,
    policy: read.policy,
  });
  const intent = await named("--config", () => intentOfConfig(read, { images, labRoots }));
  const issued = context.host.clock.now();
  const notAfter = new Date(issued.getTime() + read.config.validDays * DAY);
  const times = { issued, notAfter };
  const manifest = chain === null
    ? firstManifest(intent, { owner, random: context.host.random, ...times })
    : nextManifest(intent, chain, { owner, ...times });
  const file = await signManifest(manifest, [key]);
  return await checked(file, { manifest, chain, files, now: issued });
}

function distinct(keys: readonly PublicKey[]): readonly PublicKey[] {
  return [...new Map(keys.map((key) => [key.id, key])).values()];
}

/** What is handed out must be what can be verified; of several custodians the first signs alone. */
async function checked(
  file: Uint8Array,
  { manifest, chain, files, now }: {
    readonly manifest: Manifest;
    readonly chain: ManifestChain | null;
    readonly files: readonly Uint8Array[];
    readonly now: Date;
  },
): Promise<Omit<Created, "out" | "master">> {
  const read = await readManifest(file, "made");
  const differences = chain === null ? [] : diffManifests(chain.newest, manifest, now);
  const unsigned = await unsignedBy(async () => {
    const whole = chain === null
      ? await ManifestChain.verify([file], manifest.clusterId, { now })
      : await chain.extend([file], { now });
    await readReferences(whole, files);
  });
  return { read, unsigned, differences };
}

/** How many custodians must sign still; 0 where it is signed as it must be. */
async function unsignedBy(verify: () => Promise<void>): Promise<number> {
  try {
    await named("--owner", verify);
    return 0;
  } catch (error) {
    if (!(error instanceof RejectedError) || error.code !== "manifest.custodians") throw error;
    return Number(error.fields["expected"]) - Number(error.fields["actual"]);
  }
}
