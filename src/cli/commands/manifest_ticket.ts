/**
 * `casemate manifest ticket FILE… --group NAME`: the owner lets one further
 * control plane in.
 *
 * @module
 */

import { readTicket, signTicket, type Ticket } from "../../manifest/ticket.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { withSigners } from "../keys/signers.ts";
import { historyOf, named, readManifestFiles } from "../manifest/files.ts";
import { pageOf } from "../manifest/tell.ts";
import { bulleted, labelled } from "../output/layout.ts";
import { refuseThere, writeNew } from "../output/new_file.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

const HOUR = 60 * 60 * 1000;

/** Hours for which a ticket counts where nothing is said: a machine is made in minutes. */
const HOURS = 1;

/** Most hours: who finds a ticket can use it. */
const MAX_HOURS = 24 * 7;

/**
 * Signs a ticket.
 *
 * @param context The machine.
 * @param paths All manifests of the cluster, oldest first.
 * @param given The flags.
 * @throws {CasemateError} where a file, a key or a flag is wrong.
 */
export async function makeTicket(
  context: Context,
  paths: readonly string[],
  given: Given,
): Promise<void> {
  const { host } = context;
  const { group, owner, out } = wantedOf(given);
  const hours = hoursOf(given.text("hours"));
  await refuseThere(host, out, "--out");
  const reader = new FileReader(host.files);
  const chain = await historyOf(await readManifestFiles(reader, "FILE", paths), "FILE");
  const issued = host.clock.now();
  const notAfter = new Date(issued.getTime() + hours * HOUR);
  const wanted = { clusterId: chain.clusterId, group, issued, notAfter };
  const keys = { flag: "--owner", words: [owner] };
  const file = await withSigners(context, reader, keys, async ([key]) => {
    if (key === undefined) throw new TypeError("Cannot sign without a key");
    return await signTicket(wanted, key, host.random);
  });
  // What is handed out must be what is taken: the owner's now, for a group of control planes.
  const ticket = await named("--owner, --group", () => readTicket(file, chain, issued));
  await writeNew(host, out, file, { flag: "--out", secret: true });
  tell(context, given, ticket, out);
}

function wantedOf(given: Given) {
  const [group, owner, out] = [given.text("group"), given.text("owner"), given.text("out")];
  if (group !== undefined && owner !== undefined && out !== undefined) return { group, owner, out };
  const missing = Object.entries({ group, owner, out })
    .filter(([, value]) => value === undefined).map(([flag]) => `--${flag}`);
  const message = `Cannot make a ticket without ${missing.join(" and ")}`;
  throw flagError("input.missing", message, missing.join(", "));
}

function hoursOf(given: string | undefined): number {
  if (given === undefined) return HOURS;
  const hours = /^[1-9][0-9]{0,3}$/.test(given) ? Number(given) : NaN;
  if (hours <= MAX_HOURS) return hours;
  const message = `Cannot use --hours ${JSON.stringify(given)}: expected 1 to ${MAX_HOURS}`;
  throw flagError("input.value", message, "--hours");
}

function tell(context: Context, given: Given, ticket: Ticket, out: string): void {
  const { terminal } = context.host;
  const { group, clusterId, notAfter } = ticket;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson({ v: 1, out, clusterId, group, notAfter })}\n`);
  }
  const { width, style } = pageOf(context);
  const rows = [["cluster id", clusterId], ["group", group], ["counts until", notAfter]] as const;
  const says = "Good once: whoever has it can add a control plane that meets the manifest.";
  const lines = [
    style.bold(printable(`Wrote a ticket to ${out}`)),
    ...labelled(rows, { width, indent: "  ", label: style.dim }),
    ...bulleted("", [says], { width, indent: "" }),
  ];
  terminal.out(`${lines.join("\n")}\n`);
}
