/**
 * `casemate cluster update`: the owner's newer manifest.
 *
 * @module
 */

import { updateManifest } from "../../cluster/update.ts";
import { UnavailableError } from "../../core/errors.ts";
import * as flags from "../cluster/flags.ts";
import { judgeOf } from "../cluster/judge.ts";
import { remembering } from "../cluster/remembering.ts";
import { readAgentUrl } from "../cluster/url.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { readManifestFiles } from "../manifest/files.ts";
import { printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Gives a control plane a chain of manifests.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 * @throws {RejectedError | UnavailableError} `manifest.*`, and what the agent refuses with
 */
export async function updateCluster({ host }: Context, given: Given): Promise<void> {
  const paths = given.texts(flags.MANIFEST_FLAG);
  const address = given.text(flags.URL_FLAG);
  if (address === undefined || paths.length === 0) {
    const flag = address === undefined ? `--${flags.URL_FLAG}` : `--${flags.MANIFEST_FLAG}`;
    throw flagError("input.missing", `Cannot update a cluster without ${flag}`, flag);
  }
  const url = readAgentUrl(`--${flags.URL_FLAG}`, address);
  const node = await host.node();
  const reader = new FileReader(host.files);
  const [first] = await readManifestFiles(reader, `--${flags.MANIFEST_FLAG}`, paths);
  if (first === undefined) throw new TypeError("Cannot update a cluster to no manifest");
  const { clusterId } = first.manifest;
  const chain = await remembering(node, given.text(flags.STATE_FLAG), async (files) => {
    const parts = { host, node, given, reader: new FileReader(host.files), files };
    const { chain, references } = await judgeOf(parts, clusterId, [url]);
    const monotonic = () => node.monotonic();
    const asking = { clients: node.clients, url, random: host.random, monotonic };
    const told = await updateManifest({ asking, chain, references });
    if (told < chain.sequence) throw notTaken(url, told, chain.sequence);
    return chain;
  });
  const told = { v: 1, clusterId, manifestSequence: chain.sequence, digest: chain.newestDigest };
  host.terminal.out(
    readFormat(given.text(OUTPUT_FLAG)) === "json"
      ? `${printableJson(told)}\n`
      : `${url} tells manifest ${chain.sequence} of cluster ${clusterId.slice(0, 16)}…\n`,
  );
}

function notTaken(url: string, told: number, sequence: number): UnavailableError {
  const message = `Cannot update the cluster: ${url} tells manifest ${told}, given was ${sequence}`;
  return new UnavailableError(message, { code: "channel.answer", retryable: true });
}
