/**
 * `casemate result` as a command: tokens that a verifier issued.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { SIGNING_KEY_KINDS } from "../core/signing_key.ts";
import { EAR_PROFILES } from "../results/profile.ts";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { noFlag, outputFlag, valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";

/** Flags with a value: name, value, meaning, whether it may be repeated. */
const FLAGS: readonly (readonly [flag: string, value: string, says: string, multiple?: boolean])[] =
  [
    [
      "key",
      "FILE",
      "key of a verifier that you rely on, PEM, DER or JWK Set (required)",
      true,
    ],
    ["audience", "NAME", "your own name, for which the token must be (required, or --no-audience)"],
    ["nonce", "HEX", "the nonce that you asked with (required, or --no-nonce)"],
    [
      "policy-digest",
      "HEX",
      "SHA-256 of the policy that the verifier must have followed (required, or --policy-id)",
    ],
    ["policy-id", "ID", "name of that policy, as other verifiers have names"],
    ["accept-root", "ROOT", "root that the verdict may need; default amd and intel", true],
    ["issuer", "NAME", "who must have issued it"],
  ];

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function resultCommand(context: Context): Command {
  return new Command("result")
    .description("verify and show attestation results: tokens (EAR) that a verifier signed")
    .addCommand(verifyCommand(context))
    .addCommand(showCommand(context))
    .addCommand(keysCommand(context));
}

function verifyCommand(context: Context): CommandUnknownOpts {
  const verify = new Command("verify").description(
    "verify a token and say whether to rely on it; nothing that decides is taken from the token",
  ).argument("<TOKEN>", "the token; - is standard input");
  addExamples(verify, context, [
    "is this the verifier's answer to my question, by my policy?",
    "casemate result verify node.jwt --key verifier.pub --audience https://keys.example.org --nonce HEX --policy-digest HEX",
  ]);
  for (const [flag, value, says, multiple = false] of FLAGS) {
    verify.addOption(valueFlag({ flag, value, says, multiple }));
  }
  verify
    .addOption(noFlag("no-nonce", "you asked with no nonce: the token may be an old one"))
    .addOption(noFlag("no-audience", "take tokens for whomever; other profiles alone have such"))
    .addOption(noFlag("allow-lab", "take tokens about lab evidence, which prove nothing"))
    .addOption(
      wordFlag(
        "--ear-profile <PROFILE>",
        "profile that it must be of; default casemate",
        EAR_PROFILES,
      ),
    )
    .addOption(
      valueFlag({ flag: "at", value: "TIME", says: "moment at which it must hold; default now" }),
    )
    .addOption(outputFlag())
    .action(async (token) => {
      const { verifyResult } = await import("./commands/result_verify.ts");
      await verifyResult(context, token, givenTo(verify));
    });
  return verify;
}

function showCommand(context: Context): Command {
  const show = new Command("show").description("say what a token holds; nothing is verified");
  addExamples(show, context, ["what does this token say?", "casemate result show node.jwt"]);
  show.argument("<TOKEN>", "the token; - is standard input").addOption(outputFlag()).action(
    async (token) => {
      const { showResult } = await import("./commands/result_show.ts");
      await showResult(context, token, givenTo(show));
    },
  );
  return show;
}

function keysCommand(context: Context): Command {
  const keys = new Command("keys").description(
    "print public keys of verifiers as a JWK Set, for relying parties that take keys in that form; make a key",
  );
  addExamples(keys, context, [
    "publish your key as verifier",
    "casemate result keys verifier.pub > jwks.json",
  ]);
  keys.argument("<FILE...>", "public keys, PEM, DER or JWK Sets").action(async (files) => {
    const { printKeys } = await import("./commands/result_keys.ts");
    await printKeys(context, files);
  });
  return keys.addCommand(newKeyCommand(context));
}

function newKeyCommand(context: Context): Command {
  const command = new Command("new").description(
    "make a verifier's key and write both halves: verifier.key, which only you may read and which signs tokens, and verifier.pub",
  );
  addExamples(
    command,
    context,
    ["into a folder of its own", "casemate result keys new --out verifier"],
    [
      "and then",
      "casemate evidence verify node.json --nonce HEX --policy policy.yaml --token node.jwt --token-key verifier/verifier.key --token-audience https://keys.example.org",
    ],
  );
  command.addOption(
    valueFlag({
      flag: "out",
      value: "DIR",
      says: "folder to write to (required); nothing is overwritten",
    }),
  ).addOption(
    wordFlag(
      "--kind <KIND>",
      "P-256 signs as ES256, P-384 as ES384, Ed25519 as EdDSA; default P-256",
      SIGNING_KEY_KINDS,
    ),
  ).addOption(outputFlag()).action(async () => {
    const { makeVerifierKey } = await import("./commands/result_keys_new.ts");
    await makeVerifierKey(context, givenTo(command));
  });
  return command;
}
