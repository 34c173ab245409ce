/**
 * `casemate serve` as a command.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { givenTo } from "./input/given.ts";
import { addServeFlags } from "./serve/flags.ts";

/**
 * The command.
 *
 * @param context The machine.
 */
export function serveCommand(context: Context): Command {
  const command = new Command("serve").summary("verify evidence for others, over HTTP").description(
    "verify evidence for others, over HTTP: nonces, results as JSON, signed tokens under the policies given here, a mirror of vendors, metrics and the web page",
  );
  addExamples(
    command,
    context,
    [
      "try it on this machine: unsigned results under policies that clients bring",
      "casemate serve",
    ],
    [
      "a service that signs tokens",
      "casemate serve --listen 0.0.0.0:8443 --tls-cert tls.pem --tls-key tls.key --policy policy.yaml --reference release.json --owner-key owner.pub --token-key verifier.key --token-issuer https://verify.example.org --collateral fetch -o json",
    ],
    ["new keys or a new certificate, without an end", "kill -HUP $(pidof casemate)"],
  );
  addServeFlags(command);
  command.action(async () => {
    const { serve } = await import("./commands/serve.ts");
    await serve(context, givenTo(command));
  });
  return command;
}
