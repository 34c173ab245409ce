/**
 * Pictures of reports in every state: bright, dark, on a phone and on paper, for
 * somebody to look at. Needs Chromium as `chromium` (Debian's package of that name).
 *
 * `deno task report:shots FOLDER` writes `STATE.html`, `STATE-light.png`,
 * `STATE-dark.png`, `STATE-phone.png` and `STATE.pdf` there.
 *
 * @module
 */

import type { AnyTechnology } from "../../src/evidence/evidence.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { allCodes } from "../../src/cli/code_table.ts";
import { renderReport } from "../../src/report/report.ts";
import { readStates, type State } from "./states.ts";

/** Common to all: no sandbox, which needs rights that containers lack. */
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"];

/** Height of a picture, pixels; what a page has below it is on paper. */
const HEIGHT = 3600;

/** Width of a phone, pixels; Chromium's windows are not that narrow, but frames are. */
const PHONE = 390;

/** The page of a state. */
export function pageOf({ result }: State): string {
  const technology: AnyTechnology | undefined = technologies.find(({ id }) =>
    id === result.variant
  );
  if (technology === undefined) throw new Error(`${result.variant} is not known`);
  const line = `casemate audit verify audit.json \\\n  --policy-digest ${result.digests.policy}`;
  return renderReport(result, {
    technology,
    codes: allCodes(),
    version: "0.1.0",
    commands: [{ says: "From the audit bundle, offline", line }],
  });
}

async function chromium(...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("chromium", { args: [...FLAGS, ...args] })
    .output();
  if (!success) throw new Error(`chromium failed: ${new TextDecoder().decode(stderr)}`);
}

async function shoot(folder: string, state: State): Promise<void> {
  const base = `${folder}/${state.name}`;
  const url = `file://${base}.html`;
  await Deno.writeTextFile(`${base}.html`, pageOf(state));
  const frame =
    `<iframe src="${url}" width="${PHONE}" height="${HEIGHT}" frameborder="0"></iframe>`;
  await Deno.writeTextFile(`${base}-phone.html`, `<body style="margin:0">${frame}`);
  const size = (width: number): string => `--window-size=${width},${HEIGHT}`;
  const picture = (of: string): string => `--screenshot=${base}-${of}.png`;
  await chromium(size(1000), picture("light"), url);
  await chromium(size(1000), "--force-dark-mode", picture("dark"), url);
  await chromium(size(500), picture("phone"), `file://${base}-phone.html`);
  await chromium("--no-pdf-header-footer", `--print-to-pdf=${base}.pdf`, url);
  await Deno.remove(`${base}-phone.html`);
}

if (import.meta.main) {
  const [given, ...only] = Deno.args;
  if (given === undefined) throw new Error("Say where to write: deno task report:shots FOLDER");
  await Deno.mkdir(given, { recursive: true });
  const folder = await Deno.realPath(given);
  for (const state of await readStates()) {
    if (only.length > 0 && !only.includes(state.name)) continue;
    await shoot(folder, state);
    console.log(`${folder}/${state.name}`);
  }
}
