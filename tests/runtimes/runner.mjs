// Runs the suite in Node or Deno, on the library as installed from its tarball:
// `node runner.mjs CASES.json [AUTHORITY.json]` prints the results as JSON. Copied into the
// folder of the installation, so that it finds the package and nothing else.
import { readFile } from "node:fs/promises";
import process from "node:process";
import * as library from "@casemate/casemate";
import * as lab from "@casemate/casemate/lab";
import { sevSnp } from "@casemate/casemate/snp";
import { tdx } from "@casemate/casemate/tdx";
import { tpm } from "@casemate/casemate/tpm";
import { typeName } from "@casemate/casemate/logs";
import { mintAndExamine, runSuite } from "./suite.js";

if (sevSnp.id !== "sev-snp") throw new Error("the entry ./snp exports no technology");
if (tdx.id !== "tdx") throw new Error("the entry ./tdx exports no technology");
if (tpm.id !== "tpm") throw new Error("the entry ./tpm exports no technology");
if (typeName(4, "pcclient_std") !== "EV_SEPARATOR") {
  throw new Error("the entry ./logs names no types of events");
}
const cases = JSON.parse(await readFile(process.argv[2], "utf8"));
const results = await runSuite(library, cases);
const kept = process.argv[3];
const amd = kept === undefined ? undefined : JSON.parse(await readFile(kept, "utf8"));
const minted = await mintAndExamine(library, lab, amd);
process.stdout.write(JSON.stringify({ results, minted }));
