// Runs the suite in workerd, on the library as installed from its tarball: `POST /answer` with
// what is asked gives the answers as JSON; `POST /answer?entry=workerd` asks the entry that takes the
// module, the other one is what Workers get for the main entry. `POST /mint` mints.
import module from "@casemate/casemate/casemate_core_bg.wasm";
import * as library from "@casemate/casemate";
import * as lab from "@casemate/casemate/lab";
import { readEventLog } from "@casemate/casemate/logs";
import { createVerifier } from "@casemate/casemate/workerd";
import { answer, mint } from "./answer.js";

const verifier = createVerifier(module);
const main = { library, engine: library.inlineEngine, readEventLog };
const given = { library: verifier, engine: verifier.engine, readEventLog };

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const asked = await request.json();
    if (pathname === "/mint") return Response.json(await mint(main, lab, asked));
    const packed = searchParams.get("entry") === "workerd" ? given : main;
    return Response.json(await answer(packed, asked));
  },
};
