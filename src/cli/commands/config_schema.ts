/**
 * `casemate config schema`: the JSON Schema of configurations, for editors.
 *
 * @module
 */

import { configSchema } from "../../cluster/config/form.ts";
import type { Context } from "../context.ts";
import type { Given } from "../input/given.ts";
import { writeNew } from "../output/new_file.ts";

/**
 * Prints or writes the schema.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} `input.unwritable`, naming the flag.
 */
export async function printConfigSchema({ host }: Context, given: Given): Promise<void> {
  const text = `${JSON.stringify(namedSchema(), null, 2)}\n`;
  const out = given.text("out");
  if (out === undefined) return host.terminal.out(text);
  await writeNew(host, out, text, { flag: "--out" });
  host.terminal.out(`Wrote ${out}\n`);
}

/** The schema as it is published. */
export function namedSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:casemate:config:v1",
    title: "Configuration of a cluster of Casemate",
    ...configSchema(),
  };
}
