/**
 * `casemate policy explain [FILE]`: what counts, why, and what it costs.
 *
 * @module
 */

import { technologies } from "../../evidence/registry.ts";
import { inShort, saysException } from "../../policy/exception.ts";
import { type ExplainedPolicy, explainPolicy, sectionOf } from "../../policy/explain.ts";
import { readWhole } from "../../policy/policy.ts";
import type { Setting } from "../../policy/settings.ts";
import { documentDigest } from "../../verifier/digests.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { bulleted, labelled, usableWidth } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";
import { knownVariant } from "../policy/known_variant.ts";
import { DEFAULTS, momentOf, readPolicyFiles } from "../policy/read_file.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Explains a policy.
 *
 * @param context The machine.
 * @param path The policy; undefined explains the strict defaults.
 * @param given The flags.
 * @throws {InputError} `policy.*`, and `input.unknown` for a variant.
 */
export async function tellPolicy(
  context: Context,
  path: string | undefined,
  given: Given,
): Promise<void> {
  const { terminal } = context.host;
  const now = momentOf(context, given.text("at"));
  const asked = given.text("variant");
  const variant = asked === undefined ? null : knownVariant(asked, "--variant").id;
  const [file = DEFAULTS] = path === undefined ? [] : await readPolicyFiles(context, path);
  const whole = readWhole(file.value, technologies, file.name, now);
  const explained = explainPolicy(whole, technologies, { now, variant });
  const head = { policy: file.name, digest: documentDigest(file.value), at: now.toISOString() };
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson({ v: 1, ...head, variant, ...explained })}\n`);
  }
  const page = { width: usableWidth(terminal.width), style: styleOf(terminal.colour) };
  terminal.out(`${pageOf(head, { ...explained, variant }, page).join("\n")}\n`);
}

interface Head {
  readonly policy: string;
  readonly digest: string;
  readonly at: string;
}

interface Page {
  readonly width: number;
  readonly style: Style;
}

function pageOf(
  { policy, digest, at }: Head,
  { settings, exceptions, variant }: ExplainedPolicy & { readonly variant: string | null },
  page: Page,
): readonly string[] {
  const { width, style } = page;
  const told = exceptions.flatMap((exception) =>
    bulleted("! ", [printable(saysException(exception))], { width, indent: "" })
  );
  const ids = technologies.map(({ id }) => id);
  const sections = [...new Set(settings.map(({ key }) => sectionOf(key, ids)))];
  const rest = variant === null
    ? ["All else has its strict default; --variant VARIANT shows it."]
    : [];
  return [
    ...told.map(style.warn),
    ...bulleted("", [`${printable(policy)}, as it counts at ${at}`], { width, indent: "" })
      .map(style.bold),
    ...labelled([["digest", digest]], { width, indent: "  ", label: style.dim }),
    ...sections.flatMap((section) => sectionLines(section, settings, page)),
    ...(rest.length === 0 ? [] : [""]),
    ...bulleted("", rest, { width, indent: "" }),
  ];
}

function sectionLines(
  section: string | null,
  settings: readonly Setting[],
  { width, style }: Page,
): readonly string[] {
  const ids = technologies.map(({ id }) => id);
  const own = settings.filter(({ key }) => sectionOf(key, ids) === section);
  const cut = section === null ? 0 : section.length + 1;
  return [
    "",
    style.bold(section ?? "For all variants"),
    ...own.flatMap((setting) => [
      ...labelled([[setting.key.slice(cut), valueOf(setting)]], {
        width,
        indent: "  ",
        label: style.bold,
      }),
      ...bulleted("", [setting.says], { width, indent: "      " }).map(style.dim),
    ]),
  ];
}

function valueOf(setting: Setting): string {
  const { value, standard, source, change, until, because, ended } = setting;
  const reason = because === null ? "" : `: ${because}`;
  const text = worded(value);
  if (source === "default") return `${text} (default)`;
  if (source === "ended") {
    return printable(`${text} (default, since ${ended} ended on ${until}${reason})`);
  }
  // A compromised line is named with its day.
  const end = until === null || text.includes(until) ? "" : ` until ${until}`;
  const against = change === "same"
    ? "as the default"
    : `${change === "other" ? "other" : change} than the default, ${worded(standard)}`;
  return printable(`${text}${end} (${against}${reason})`);
}

function worded(value: unknown): string {
  return value === null ? "not set" : inShort(value);
}
