/**
 * Mints `tests/vectors/protocol/`: statements, what binds them, registers of
 * their phases, envelopes and records, and what each reader must refuse. They
 * are for whoever implements `docs/protocol.md`; run it when that changes.
 *
 * Values are computed here; which code refuses what is written by hand.
 *
 * @module
 */
import { bindingVectors } from "./vectors/protocol/bindings.ts";
import { envelopeVectors } from "./vectors/protocol/envelopes.ts";
import { statementVectors } from "./vectors/protocol/statements.ts";

const FOLDER = new URL("../tests/vectors/protocol/", import.meta.url);

const FILES = {
  "statements.json": statementVectors(),
  "bindings.json": bindingVectors(),
  "envelopes.json": envelopeVectors(),
};

await Deno.mkdir(FOLDER, { recursive: true });
for (const [name, vectors] of Object.entries(FILES)) {
  await Deno.writeTextFile(new URL(name, FOLDER), `${JSON.stringify(vectors, null, 2)}\n`);
  console.log(`wrote ${name}`);
}
