/**
 * `casemate evidence verify TECHNOLOGY` as a command: its flags come from the technology.
 *
 * @module
 */

import { Command, type CommandUnknownOpts, type Option } from "@commander-js/extra-typings";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { ENGINES } from "../verifier/engines.ts";
import type { Context } from "./context.ts";
import { addExamples, type Example } from "./help.ts";
import { noFlag, outputFlag, valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { addCompletionFlags } from "./collateral/flags.ts";
import { addTokenFlags } from "./token/flags.ts";
import {
  AT_FLAG,
  AUDIT_FLAG,
  ENGINE_FLAG,
  HTML_FLAG,
  LAB_ROOT_FLAG,
  NO_FRESHNESS_FLAG,
  NONCE_FLAG,
  OWNER_KEY_FLAG,
  POLICY_FLAG,
  PROFILE_FLAG,
  REFERENCE_FLAG,
  REPORT_DATA_FLAG,
  STATEMENT_FLAG,
  STATEMENT_FLAGS,
} from "./verify_flags.ts";
import { EVIDENCE_GROUP, POLICY_GROUP, QUESTION_GROUP, STATEMENT_GROUP } from "./verify_groups.ts";

/**
 * The command of one technology.
 *
 * @param technology The technology.
 * @param context The machine.
 */
export function verifyCommand(technology: AnyTechnology, context: Context): Command {
  const command = new Command(technology.command)
    .summary(technology.title)
    .description(`verify evidence and show the verdict: ${technology.title}`);
  addFlags(command, technology);
  addExamples(command, context, ...examplesOf(technology));
  command.action(async () => {
    const { verifyEvidence } = await import("./commands/evidence_verify.ts");
    await verifyEvidence(context, technology, givenTo(command));
  });
  return command;
}

function addFlags(command: CommandUnknownOpts, technology: AnyTechnology): void {
  const { files, flags, facts } = technology;
  command.optionsGroup(EVIDENCE_GROUP);
  for (const { flag, says, required, multiple } of files) {
    command.addOption(
      valueFlag({ flag, value: "FILE", says: required ? `${says} (required)` : says, multiple }),
    );
  }
  if (facts !== undefined) command.addOption(statementFlag());
  addQuestionFlags(command, technology);
  if (facts !== undefined) addStatementFlags(command);
  command.optionsGroup(POLICY_GROUP);
  for (const { flag, value, says, multiple } of flags) {
    command.addOption(valueFlag({ flag, value, says, multiple }));
  }
  addCommonFlags(command, technology.collateral !== undefined);
}

function addQuestionFlags(command: CommandUnknownOpts, technology: AnyTechnology): void {
  const { reportDataBytes, padsNonce, reportDataBeside, facts } = technology;
  const how = padsNonce ? "; zeros follow it in the report" : ", whole";
  const stated = facts === undefined ? "" : ` 32 bytes with --${STATEMENT_FLAG}, else`;
  const says = `the nonce that you asked with,${stated} at most ${reportDataBytes} bytes${how}`;
  command.optionsGroup(QUESTION_GROUP).addOption(
    valueFlag({ flag: NONCE_FLAG, value: "HEX", says }),
  );
  const data = reportDataBeside ?? (padsNonce ? reportDataBytes : undefined);
  if (data !== undefined) {
    const beside = reportDataBeside === undefined
      ? ""
      : `, beside --${NONCE_FLAG} where there is no statement`;
    const dataSays = `the report data that you expect, ${data} bytes${beside}`;
    command.addOption(valueFlag({ flag: REPORT_DATA_FLAG, value: "HEX", says: dataSays }));
  }
  command.addOption(noFreshness());
}

/**
 * The flag that asks no question.
 */
export function noFreshness(): Option {
  return noFlag(
    NO_FRESHNESS_FLAG,
    "ask no question: the evidence may be old, so the verdict is at most platform-only",
  );
}

function statementFlag(): Option {
  return valueFlag({
    flag: STATEMENT_FLAG,
    value: "FILE",
    says: "what the node states of itself, where the evidence is bound to that and a nonce",
  });
}

/**
 * Flags about what a statement must say.
 *
 * @param command The command.
 */
export function addStatementFlags(command: CommandUnknownOpts): void {
  command.optionsGroup(STATEMENT_GROUP);
  for (const { flag, value, says, words } of STATEMENT_FLAGS) {
    command.addOption(
      words === undefined
        ? valueFlag({ flag, value, says })
        : wordFlag(`--${flag} <${value}>`, says, words),
    );
  }
}

/**
 * Flags that every verification has.
 *
 * @param command The command.
 * @param completed Whether vendors hand out what the evidence needs.
 */
export function addCommonFlags(command: CommandUnknownOpts, completed: boolean): void {
  command
    .optionsGroup(POLICY_GROUP)
    .addOption(valueFlag({ flag: POLICY_FLAG, value: "FILE", says: "policy, YAML or JSON" }))
    .addOption(
      valueFlag({
        flag: REFERENCE_FLAG,
        value: "FILE",
        says: "reference values: what should run, YAML or JSON in the form of a policy's sections",
      }),
    )
    .addOption(
      valueFlag({
        flag: OWNER_KEY_FLAG,
        value: "FILE",
        says: "public key that must have signed the reference values, and the bundle of collateral",
      }),
    )
    .addOption(
      valueFlag({
        flag: LAB_ROOT_FLAG,
        value: "FILE",
        says: "accept evidence of this lab, which proves nothing about hardware",
        multiple: true,
      }),
    );
  if (completed) addCompletionFlags(command);
  addTokenFlags(command);
  command
    .optionsGroup("Options:")
    .addOption(
      valueFlag({
        flag: AT_FLAG,
        value: "TIME",
        says: "moment for which to judge, as 2026-11-21 or 2026-11-21T08:00:00Z; default now",
      }),
    )
    .addOption(
      wordFlag(
        `--${PROFILE_FLAG} <PROFILE>`,
        "how much is examined; crypto-only looks at signatures and chains alone",
        ["full", "crypto-only"],
      ),
    )
    .addOption(
      wordFlag(
        `--${ENGINE_FLAG} <ENGINE>`,
        "which engine verifies; portable is a second implementation, both refuses where they differ; default wasm",
        ENGINES,
      ),
    )
    .addOption(
      valueFlag({
        flag: AUDIT_FLAG,
        value: "FILE",
        says: "write an audit bundle, which anybody can verify again offline",
      }),
    )
    .addOption(
      valueFlag({ flag: HTML_FLAG, value: "FILE", says: "write a page for people, to print" }),
    )
    .addOption(outputFlag());
}

function examplesOf(technology: AnyTechnology): readonly Example[] {
  const { files, facts, padsNonce } = technology;
  const given = files.filter(({ instead }) => instead !== true);
  const flags = given.map(({ flag }) => ` --${flag} ${flag}.file`).join("");
  const line = `casemate evidence verify ${technology.command}${flags}`;
  const question = facts === undefined || padsNonce
    ? "--nonce 5f1e00"
    : `--${STATEMENT_FLAG} statement.json --nonce HEX`;
  return [
    [
      "is this the answer to my nonce, and does my image run there?",
      `${line} ${question} --policy policy.yaml`,
    ],
    [
      "only look at the signatures of old evidence",
      `${line} --at 2025-01-31 --profile crypto-only`,
    ],
  ];
}
