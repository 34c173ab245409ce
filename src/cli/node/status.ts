/**
 * `casemate node status`: what an agent says of itself.
 *
 * @module
 */

import { openCall } from "../../channel/client.ts";
import { STATUS_PATH } from "../../protocol/paths.ts";
import { STATUS_ANSWER, type StatusAnswer } from "../../protocol/status.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { printable } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";
import { readAgentUrl } from "../cluster/url.ts";

/** Longest wait, ms. */
const TIMEOUT = 10_000;

/**
 * Asks an agent.
 *
 * @param context The machine.
 * @param text Its address.
 * @param given The flags.
 */
export async function showNodeStatus(
  { host }: Context,
  text: string,
  given: Given,
): Promise<void> {
  const { clients, monotonic } = await host.node();
  const url = readAgentUrl("URL", text);
  const asking = { clients, url, random: host.random, monotonic, timeout: TIMEOUT };
  const answer = STATUS_ANSWER;
  const status = await openCall(asking, { path: STATUS_PATH, method: "GET", answer });
  if (status === null) throw new TypeError("Cannot show a status: there is none");
  const shown = readFormat(given.text(OUTPUT_FLAG)) === "json"
    ? `${JSON.stringify({ ...status, proven: false })}\n`
    : textOf(url, status);
  host.terminal.out(shown);
}

function textOf(
  url: string,
  { phase, clusterId, role, nodeName, manifestSequence, doing }: StatusAnswer,
): string {
  const rows = [
    ["agent", url],
    ["phase", phase],
    ["cluster", clusterId],
    ["node", nodeName === "" ? "not admitted" : `${nodeName}, ${role}`],
    ["manifest", manifestSequence === 0 ? "" : String(manifestSequence)],
    ["doing", doing],
  ].filter(([, value]) => value !== "");
  const lines = rows.map(([name = "", value = ""]) => `${name.padEnd(10)}${printable(value)}`);
  return `${
    lines.join("\n")
  }\nnothing of this is proven: casemate cluster verify asks for evidence\n`;
}
