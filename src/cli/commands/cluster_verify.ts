/**
 * `casemate cluster verify`: each agent by evidence of its own.
 *
 * @module
 */

import { type ClusterVerdict, type MemberVerdict, verifyCluster } from "../../cluster/verify.ts";
import { judgeOf } from "../cluster/judge.ts";
import { remembering } from "../cluster/remembering.ts";
import { readAgentUrl } from "../cluster/url.ts";
import * as flags from "../cluster/flags.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { pageOf } from "../manifest/tell.ts";
import { bulleted } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { renderTable } from "../output/shown_table.ts";
import type { Style } from "../output/style.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Exit codes of verdicts, as of evidence. */
const EXIT: Readonly<Record<ClusterVerdict["verdict"], number>> = {
  "trusted": 0,
  "lab-trusted": 0,
  "rejected": 3,
  "unavailable": 4,
};

/**
 * Verifies the agents of a cluster.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 * @throws {RejectedError} `manifest.*`
 */
export async function verifyMembers(context: Context, given: Given): Promise<void> {
  const { host } = context;
  const clusterId = readClusterId(given);
  const urls = given.texts(flags.URL_FLAG).map((url) => readAgentUrl(`--${flags.URL_FLAG}`, url));
  if (urls.length === 0) throw missing(flags.URL_FLAG);
  const node = await host.node();
  const reader = new FileReader(host.files);
  const verdict = await remembering(node, given.text(flags.STATE_FLAG), async (files) => {
    const judge = await judgeOf({ host, node, given, reader, files }, clusterId, urls);
    const { clients } = node;
    const monotonic = () => node.monotonic();
    return await verifyCluster({ ...judge, clients, random: host.random, monotonic, urls });
  });
  context.finish(EXIT[verdict.verdict]);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return host.terminal.out(`${printableJson(asJson(verdict))}\n`);
  }
  host.terminal.out(`${asText(context, verdict).join("\n")}\n`);
}

/** There is no trust on first use: who verifies says whose cluster it must be. */
function readClusterId(given: Given): string {
  const text = given.text(flags.CLUSTER_ID_FLAG);
  if (text === undefined) throw missing(flags.CLUSTER_ID_FLAG);
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  const flag = `--${flags.CLUSTER_ID_FLAG}`;
  throw flagError("input.value", `Cannot use ${flag}: expected 64 digits of hex`, flag);
}

function missing(flag: string): Error {
  return flagError("input.missing", `Cannot verify a cluster without --${flag}`, `--${flag}`);
}

function asJson({ members, ...cluster }: ClusterVerdict): object {
  return { v: 1, ...cluster, members: members.map(memberJson) };
}

function memberJson({ url, verdict, peer, code, message }: MemberVerdict): object {
  if (peer === null) return { url, verdict, code, message };
  const { nodeName, role, phase, manifestSequence, bootId } = peer.statement;
  const { variant, roots = [], account, machine } = peer;
  return {
    ...{ url, verdict, nodeName, role, phase, manifestSequence, bootId },
    ...{ variant, roots, account, machine, code, message },
  };
}

function asText(context: Context, verdict: ClusterVerdict): readonly string[] {
  const { width, style } = pageOf(context);
  const { clusterId, manifestSequence, members } = verdict;
  const columns = ["NODE", "ROLE", "VARIANT", "VERDICT", "ROOTS"];
  const rows = members.map(({ peer, url, verdict }) => [
    printable(peer?.statement.nodeName ?? url.slice("https://".length)),
    printable(peer?.statement.role ?? "-"),
    printable(peer?.variant ?? "-"),
    verdict,
    printable(peer?.roots?.join(", ") ?? "-"),
  ]);
  const refused = members.filter(({ code }) => code !== null);
  return [
    `${colour(verdict.verdict, style)}  cluster ${
      clusterId.slice(0, 16)
    }…, manifest ${manifestSequence}`,
    ...(verdict.verdict === "lab-trusted" ? [LAB] : []),
    "",
    ...renderTable({ columns, rows }, { width, style }),
    ...(refused.length === 0 ? [] : [""]),
    ...together(refused).flatMap(({ urls, code, message }) =>
      bulleted("✘ ", [printable(`${urls.join(", ")}: ${message} [${code}]`)], {
        width,
        indent: "  ",
      })
    ),
  ];
}

/** What is wrong with several is said once. */
function together(
  refused: readonly MemberVerdict[],
): readonly (Pick<MemberVerdict, "code" | "message"> & { readonly urls: readonly string[] })[] {
  const messages = [...new Set(refused.map(({ message }) => message))];
  return messages.map((message) => {
    const same = refused.filter((one) => one.message === message);
    return { urls: same.map(({ url }) => url), code: same[0]?.code ?? null, message };
  });
}

const LAB = "LAB ROOTS WERE ACCEPTED: this proves nothing about hardware";

function colour(verdict: ClusterVerdict["verdict"], { good, bad, warn, bold }: Style): string {
  const paint = { trusted: good, "lab-trusted": warn, unavailable: warn, rejected: bad }[verdict];
  return bold(paint(verdict));
}
