/**
 * `casemate result show TOKEN`: what a token holds. Nothing is verified.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { type DecodedJws, decodeJws } from "../../results/jws.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { fileName, FileReader } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import { readTokenFile, TOKEN } from "../input/token_file.ts";
import { printableJson } from "../output/printable.ts";
import { renderShown } from "../output/shown.ts";

/**
 * Shows a token.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {RejectedError} `results.form`, naming the argument.
 */
export async function showResult({ host }: Context, path: string, given: Given): Promise<void> {
  const token = await readTokenFile(new FileReader(host.files), path);
  const { members, claims } = decoded(token, path);
  const { terminal } = host;
  if (readFormat(given.text("output")) === "json") {
    return terminal.out(`${printableJson({ v: 1, verified: false, header: members, claims })}\n`);
  }
  terminal.out(renderShown(shownOf({ members, claims }), terminal));
}

function decoded(token: string, path: string): DecodedJws {
  try {
    return decodeJws(token);
  } catch (cause) {
    if (!(cause instanceof CasemateError)) throw cause;
    const why = cause.message.replace("Cannot read the token: ", "");
    throw renamed(cause, `Cannot read ${fileName(path)} as a token: ${why}`, TOKEN);
  }
}

type Members = Readonly<Record<string, unknown>>;

function shownOf({ members, claims }: Pick<DecodedJws, "members" | "claims">): Shown {
  return {
    kind: "ear",
    title: "Attestation result (EAR as JWT). NOTHING OF IT IS VERIFIED: anybody can write this",
    usedBy: "casemate result verify",
    sections: [...sectionsOf("Header", members), ...sectionsOf("Claims", claims)],
  };
}

/** Members, then each object among them under its own name. */
function sectionsOf(title: string, members: Members): readonly ShownSection[] {
  const entries = Object.entries(members);
  const rows = entries.flatMap(([name, value]) => isObject(value) ? [] : [rowOf(name, value)]);
  const inside = entries.flatMap(([name, value]) =>
    isObject(value) ? sectionsOf(title === "Claims" ? name : `${title}.${name}`, value) : []
  );
  return [...(rows.length === 0 ? [] : [{ title, rows }]), ...inside];
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const TIMES: readonly string[] = ["iat", "nbf", "exp"];

/** Latest second that a date has. */
const LAST_SECOND = 253_402_300_799;

function rowOf(name: string, value: unknown): ShownRow {
  const isMoment = TIMES.includes(name) && typeof value === "number" && value >= 0 &&
    value <= LAST_SECOND;
  if (!isMoment) return { name, value: textOf(value) };
  return { name, value: String(value), meaning: new Date(Math.floor(value) * 1000).toISOString() };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const words = Array.isArray(value) && value.every((item) => typeof item === "string");
  return words ? value.join(", ") : JSON.stringify(value);
}
