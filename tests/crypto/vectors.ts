/**
 * All published vectors and all random signatures: `deno task vectors:crypto
 * [PATH...]`, by default all tests of this folder.
 *
 * Fetches Wycheproof's vectors and builds the WASM engine's primitives, then
 * runs the tests in full, which takes a quarter of an hour, and less than a
 * minute for `wycheproof_test.ts` alone. Needs cargo and the compiler of the module.
 *
 * @module
 */

import { runLogged } from "../../scripts/gate/log.ts";
import { AMOUNT } from "./amount.ts";
import { buildPrimitives, PRIMITIVES } from "./wasm_primitives.ts";
import { fetchVectors } from "./wycheproof/archive.ts";

await fetchVectors();
Deno.env.set(PRIMITIVES, await buildPrimitives());
Deno.env.set(AMOUNT, "full");
const { code } = await runLogged("deno", [
  "run",
  "-A",
  "scripts/test_summary.ts",
  "-A",
  "--parallel",
  ...(Deno.args.length > 0 ? Deno.args : ["tests/crypto"]),
]);
Deno.exit(code);
