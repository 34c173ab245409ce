/**
 * Runs a page of `docs/examples` from its top to its end.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { machineIn } from "./machine.ts";
import { fileNameOf, readPage, type Step } from "./page.ts";
import { Shell } from "./shell.ts";

/** What a step printed. */
export interface Ran {
  /** The step. */
  readonly step: Step;
  /** What a terminal would show of it. */
  readonly shown: string;
}

/** A machine that runs sessions. */
export interface Session {
  /** Its time. */
  now(): Date;
  /** Runs lines, and says what a terminal would show. */
  run(script: string): Promise<string>;
}

/**
 * Runs a page in a folder that is gone afterwards.
 *
 * @param page Its text.
 * @param session What runs its sessions in that folder; default this process.
 */
export async function runPage(
  page: string,
  session: (folder: string) => Session = (folder) => new Shell(machineIn(folder)),
): Promise<readonly Ran[]> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_example_" });
  try {
    const shell = session(folder);
    const ran: Ran[] = [];
    for (const step of readPage(page)) {
      ran.push({ step, shown: await runStep(step, folder, shell) });
    }
    return ran;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runStep(step: Step, folder: string, shell: Session): Promise<string> {
  switch (step.kind) {
    case "sh":
      return await shell.run(step.code);
    case "file":
      await Deno.writeTextFile(`${folder}/${fileNameOf(step)}`, `${step.code}\n`);
      return "";
    case "ts":
      return await runProgram(step, folder, shell.now());
    default:
      return step.kind satisfies never;
  }
}

/** Keeps what a program prints. */
const SAY = `export const shown: string[] = [];
const say = (...words: unknown[]) => void shown.push(words.join(" "));
`;

/** A program of the library: reads from the folder, at the time of its evidence. */
async function runProgram({ code, line }: Step, folder: string, now: Date): Promise<string> {
  const path = `${folder}/example_${line}.ts`;
  const source = code.replaceAll('readFile("', `readFile("${folder}/`)
    .replaceAll("new Date()", `new Date("${now.toISOString()}")`)
    .replaceAll("console.log(", "say(");
  await Deno.writeTextFile(path, `${SAY}${source}\n`);
  const { shown } = await import(pathToFileURL(path).href);
  return `${shown.join("\n")}\n`;
}
