/**
 * `casemate manifest verify FILE… --cluster-id HEX`: whether they are the owner's.
 *
 * @module
 */

import { ManifestChain } from "../../manifest/chain.ts";
import { readReferences } from "../../manifest/references.ts";
import { MAX_MANIFEST_BYTES } from "../../protocol/limits.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { readMoment } from "../input/moment.ts";
import { named, readManifestFiles } from "../manifest/files.ts";
import { pageOf } from "../manifest/tell.ts";
import { bulleted, labelled } from "../output/layout.ts";
import { printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Verifies a chain from the cluster's id alone.
 *
 * @param context The machine.
 * @param paths All manifests, oldest first.
 * @param given The flags.
 * @throws {RejectedError} `manifest.*`
 * @throws {InputError} where a file or a flag is wrong.
 */
export async function verifyManifests(
  context: Context,
  paths: readonly string[],
  given: Given,
): Promise<void> {
  const { host } = context;
  const clusterId = clusterIdOf(given.text("cluster-id"));
  const at = given.text("at");
  const now = at === undefined ? host.clock.now() : readMoment(at, "--at");
  const minimumSequence = sequenceOf(given.text("minimum-sequence"));
  const reader = new FileReader(host.files);
  const files = await readManifestFiles(reader, "FILE", paths);
  const bytes = files.map(({ file }) => file);
  const terms = { now, minimumSequence };
  const chain = await named("FILE", () => ManifestChain.verify(bytes, clusterId, terms));
  const references = await referencesOf(reader, chain, given.texts("reference"));
  tell(context, given, chain, references);
}

/** There is no trust on first use: who verifies says whose cluster it must be. */
function clusterIdOf(given: string | undefined): string {
  if (given === undefined) {
    const message =
      "Cannot verify without --cluster-id (64 digits of hex, from the cluster's owner)";
    throw flagError("input.missing", message, "--cluster-id");
  }
  if (/^[0-9a-fA-F]{64}$/.test(given)) return given.toLowerCase();
  const message = `Cannot use --cluster-id ${JSON.stringify(given.slice(0, 80))}: ` +
    "expected 64 digits of hex";
  throw flagError("input.value", message, "--cluster-id");
}

function sequenceOf(given: string | undefined): number {
  if (given === undefined) return 0;
  if (/^[1-9][0-9]{0,8}$/.test(given)) return Number(given);
  const message = `Cannot use --minimum-sequence ${
    JSON.stringify(given)
  }: expected a number from 1`;
  throw flagError("input.value", message, "--minimum-sequence");
}

async function referencesOf(
  reader: FileReader,
  chain: ManifestChain,
  paths: readonly string[],
): Promise<number | null> {
  if (paths.length === 0) return null;
  const files: Uint8Array[] = [];
  for (const path of paths) {
    files.push((await reader.read("--reference", path, MAX_MANIFEST_BYTES)).bytes);
  }
  return (await named("--reference", () => readReferences(chain, files))).size;
}

function tell(
  context: Context,
  given: Given,
  chain: ManifestChain,
  references: number | null,
): void {
  const { terminal } = context.host;
  const { clusterId, kind, sequence, newestDigest: digest, newest: { notAfter } } = chain;
  const owner = chain.owner.id;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const told = { v: 1, verified: true, clusterId, kind, sequence, digest, owner, notAfter };
    return terminal.out(`${printableJson({ ...told, references })}\n`);
  }
  const { width, style } = pageOf(context);
  const count = sequence === 1
    ? "One manifest, the owner's"
    : `${sequence} manifests, all the owner's`;
  const rows = [
    ["newest", digest],
    ["owner", owner],
    ["counts until", notAfter],
    ["references", references === null ? "not given, not looked at" : `all ${references} there`],
  ] as const;
  const lines = [
    style.good(count),
    ...labelled(rows, { width, indent: "  ", label: style.dim }),
    ...(kind === "lab-cluster"
      ? bulleted("! ", ["A lab's cluster: nothing of it is real"], { width, indent: "" })
      : []),
  ];
  terminal.out(`${lines.join("\n")}\n`);
}
