/**
 * `casemate result show TOKEN`: what a token holds. Nothing is verified.
 *
 * @module
 */

import { CasemateError } from "../../core/errors.ts";
import type { Shown } from "../../core/shown.ts";
import { type DecodedJws, decodeJws } from "../../results/jws.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { fileName, FileReader } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import { readTokenFile, TOKEN } from "../input/token_file.ts";
import { tokenSections } from "../kinds/token.ts";
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
  const shown: Shown = {
    kind: "ear",
    title: "Attestation result (EAR as JWT). NOTHING OF IT IS VERIFIED: anybody can write this",
    usedBy: "casemate result verify",
    sections: tokenSections({ members, claims }),
  };
  terminal.out(renderShown(shown, terminal));
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
