// Runs the suite in a browser, on the library as installed from its tarball. Whoever
// opened the page calls `run` and gets the answers as JSON.
import * as library from "@casemate/casemate";
import * as lab from "@casemate/casemate/lab";
import { readEventLog } from "@casemate/casemate/logs";
import { answer, mint } from "./answer.js";

const read = async (path) => await (await fetch(path)).json();
const packed = { library, engine: library.inlineEngine, readEventLog };

globalThis.run = async (asked, minting) => {
  const texts = await answer(packed, await read(asked));
  return JSON.stringify({ texts, minted: await mint(packed, lab, await read(minting)) });
};
