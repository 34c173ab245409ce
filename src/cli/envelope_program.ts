/**
 * `casemate evidence verify ENVELOPE` as a command: the envelope says which
 * variant it is of, and the flags add what no envelope may bring.
 *
 * @module
 */

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { endorsementInputs, VARIANT_IDS } from "./input/endorsements.ts";
import { valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { NONCE_FLAG, VARIANT_FLAG } from "./verify_flags.ts";
import { ENDORSEMENT_GROUP, QUESTION_GROUP } from "./verify_groups.ts";
import { addCommonFlags, addStatementFlags, noFreshness } from "./verify_program.ts";

/**
 * Lets `casemate evidence verify` take an envelope.
 *
 * @param verify The command.
 * @param context The machine.
 */
export function takeEnvelope(verify: CommandUnknownOpts, context: Context): void {
  verify.usage("[options] ENVELOPE\n       casemate evidence verify COMMAND [options]").argument(
    "[ENVELOPE]",
    "evidence with its statement: an envelope, a CMW record, or a certificate that carries one; - is standard input",
  );
  addFlags(verify);
  addExamples(
    verify,
    context,
    [
      "is this the answer to my nonce, and does my image run there?",
      "casemate evidence verify node.json --nonce HEX --policy policy.yaml --reference reference.yaml",
    ],
    ["evidence to try it with", "casemate lab envelope azure-sev-snp --out node --nonce HEX"],
  );
  verify.action(async () => {
    const { verifyEnvelope } = await import("./commands/envelope_verify.ts");
    await verifyEnvelope(context, verify.args[0], givenTo(verify));
  });
}

function addFlags(verify: CommandUnknownOpts): void {
  verify.optionsGroup(QUESTION_GROUP)
    .addOption(
      valueFlag({
        flag: NONCE_FLAG,
        value: "HEX",
        says: "the nonce that you asked with, 32 bytes",
      }),
    )
    .addOption(noFreshness())
    .addOption(
      wordFlag(
        `--${VARIANT_FLAG} <VARIANT>`,
        "the variant that it must be of, whatever it calls itself",
        VARIANT_IDS,
      ),
    );
  addStatementFlags(verify);
  addCommonFlags(verify, true);
  verify.optionsGroup(ENDORSEMENT_GROUP);
  for (const { flag, says, multiple } of endorsementInputs()) {
    verify.addOption(valueFlag({ flag, value: "FILE", says, multiple }));
  }
  // That of `--help`.
  verify.optionsGroup("Options:");
}
