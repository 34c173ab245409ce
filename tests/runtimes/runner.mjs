// Runs the suite in Node or Deno, on the library as installed from its tarball:
// `node runner.mjs ASKED.json MINTING.json` prints the answers as JSON. Copied into the
// folder of the installation, so that it finds the package and nothing else.
import { readFile } from "node:fs/promises";
import process from "node:process";
import * as library from "@casemate/casemate";
import * as lab from "@casemate/casemate/lab";
import { sevSnp } from "@casemate/casemate/snp";
import { tdx } from "@casemate/casemate/tdx";
import { tpm } from "@casemate/casemate/tpm";
import { readEventLog, typeName } from "@casemate/casemate/logs";
import { answer, mint } from "./answer.js";

if (sevSnp.id !== "sev-snp") throw new Error("the entry ./snp exports no technology");
if (tdx.id !== "tdx") throw new Error("the entry ./tdx exports no technology");
if (tpm.id !== "tpm") throw new Error("the entry ./tpm exports no technology");
if (typeName(4, "pcclient_std") !== "EV_SEPARATOR") {
  throw new Error("the entry ./logs names no types of events");
}
const [asked, minting] = await Promise.all(
  process.argv.slice(2).map(async (path) => JSON.parse(await readFile(path, "utf8"))),
);
const packed = { library, engine: library.inlineEngine, readEventLog };
const texts = await answer(packed, asked);
const minted = await mint(packed, lab, minting);
process.stdout.write(JSON.stringify({ texts, minted }));
