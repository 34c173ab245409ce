/**
 * `casemate config explain FILE [KEY]`: what each setting means.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import { explainConfig, type ExplainedSetting } from "../../cluster/config/explain.ts";
import { inShort } from "../../policy/exception.ts";
import { openConfig, requireValid } from "../config/open.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { flagError, type Given } from "../input/given.ts";
import { bulleted, labelled, usableWidth } from "../output/layout.ts";
import { printable, printableData, printableJson } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Explains a configuration, or a part of it.
 *
 * @param context The machine.
 * @param asked Path of the file, and the key; undefined for all.
 * @param given The flags.
 * @throws {InputError} `config.invalid`, `input.unknown` for a key that is not there.
 */
export async function tellConfig(
  context: Context,
  { path, key }: { readonly path: string; readonly key: string | undefined },
  given: Given,
): Promise<void> {
  const { terminal, clock } = context.host;
  const opened = await openConfig(context, path, "FILE");
  const read = requireValid(opened, "FILE");
  const settings = chosen(explainConfig(read, opened.text.value, clock.now()), key);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson({ v: 1, config: opened.text.name, settings })}\n`);
  }
  const page = { width: usableWidth(terminal.width), style: styleOf(terminal.colour) };
  const lines = printableData(settings).flatMap((setting, at) => [
    ...(at === 0 ? [] : [""]),
    ...settingLines(setting, page),
  ]);
  terminal.out(`${lines.join("\n")}\n`);
}

function chosen(
  settings: readonly ExplainedSetting[],
  key: string | undefined,
): readonly ExplainedSetting[] {
  if (key === undefined) return settings;
  const found = settings.filter((one) => one.key === key || one.key.startsWith(`${key}.`));
  if (found.length > 0) return found;
  const keys = settings.map((one) => one.key);
  const tops = [...new Set(keys.flatMap((one) => [one, one.split(".")[0] ?? one]))];
  const near = nearest(key, tops);
  const hint = near === undefined ? "left out, the command lists all" : `did you mean ${near}?`;
  const message = `Cannot explain ${JSON.stringify(key)}: no such key there; ${hint}`;
  throw flagError("input.unknown", message, "KEY");
}

function settingLines(
  { key, says, value, source, follows, weaker, costs }: ExplainedSetting,
  { width, style }: { readonly width: number; readonly style: Style },
): readonly string[] {
  const text = `${worded(value)}${source === "default" ? " (default)" : ""}`;
  const line = (words: string) => bulleted("", [words], { width, indent: "  " });
  return [
    ...labelled([[key, printable(text)]], { width, indent: "", label: style.bold }),
    ...line(`${says}.`).map(style.dim),
    ...(follows === null ? [] : line(follows)),
    ...(weaker === null ? [] : line(`Weaker: ${weaker}`)),
    ...(costs === null ? [] : line(`! ${costs}`).map(style.warn)),
  ];
}

function worded(value: unknown): string {
  return value === null || value === "" ? "not set" : inShort(value);
}
