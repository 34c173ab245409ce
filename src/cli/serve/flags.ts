/**
 * Flags of `casemate serve`, by name without dashes.
 *
 * @module
 */

import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { EAR_PROFILES } from "../../results/profile.ts";
import { addSourceFlags, COLLATERAL_FLAG, COLLATERAL_GROUP } from "../collateral/flags.ts";
import { outputFlag, valueFlag, wordFlag } from "../input/flags.ts";
import { TOKEN_ISSUER_FLAG, TOKEN_KEY_FLAG, TOKEN_PROFILE_FLAG } from "../token/flags.ts";
import { LAB_ROOT_FLAG, OWNER_KEY_FLAG, POLICY_FLAG, REFERENCE_FLAG } from "../verify_flags.ts";

/** Where it listens. */
export const LISTEN_FLAG = "listen";

/** Certificate of the server. */
export const TLS_CERT_FLAG = "tls-cert";

/** Its key. */
export const TLS_KEY_FLAG = "tls-key";

/** Other processes may listen at the same place. */
export const SHARE_PORT_FLAG = "share-port";

/** A root that is believed as it is. */
export const BELIEVE_FLAG = "believe";

/** Keys that are published beside the one that signs. */
export const ALSO_KEY_FLAG = "also-key";

/** Secret for nonces. */
export const NONCE_SECRET_FLAG = "nonce-secret";

/** Origins whose pages may read answers. */
export const ORIGIN_FLAG = "origin";

/** Most verifications at once. */
export const UNDER_WAY_FLAG = "max-under-way";

/** Most verifications that wait. */
export const WAITING_FLAG = "max-waiting";

/** Most connections. */
export const CONNECTIONS_FLAG = "max-connections";

type Row = readonly [flag: string, value: string, says: string, multiple?: "multiple"];

const PLACE: readonly Row[] = [
  [LISTEN_FLAG, "HOST:PORT", "where to listen; default 127.0.0.1:8080"],
  [TLS_CERT_FLAG, "FILE", "certificate and those above it, PEM; without it HTTP without TLS"],
  [TLS_KEY_FLAG, "FILE", "its private key, PEM; both are read again on SIGHUP"],
  [
    ORIGIN_FLAG,
    "ORIGIN",
    "pages that may read answers, as https://example.org; default all",
    "multiple",
  ],
];

const TERMS: readonly Row[] = [
  [POLICY_FLAG, "FILE", "policy that clients name by its digest, YAML or JSON", "multiple"],
  [
    REFERENCE_FLAG,
    "FILE",
    "reference values that go with the policies: one for all, or one for each in their order",
    "multiple",
  ],
  [OWNER_KEY_FLAG, "FILE", "public key that must have signed the reference values"],
  [
    BELIEVE_FLAG,
    "ROLE=FILE",
    "root that is believed under these policies, as akCertRoots=FILE",
    "multiple",
  ],
];

const TOKENS: readonly Row[] = [
  [
    TOKEN_KEY_FLAG,
    "FILE",
    "key that signs tokens, as of `casemate result keys new`; read again on SIGHUP",
  ],
  [
    ALSO_KEY_FLAG,
    "FILE",
    "public key to publish as well: the next one, the last one; read again on SIGHUP",
    "multiple",
  ],
  [TOKEN_ISSUER_FLAG, "URL", "who issues tokens: this service's address for consumers"],
];

const LIMITS: readonly Row[] = [
  [UNDER_WAY_FLAG, "COUNT", "most verifications at once; default 32"],
  [WAITING_FLAG, "COUNT", "most that wait; further ones are answered with 503; default 1000"],
  [
    CONNECTIONS_FLAG,
    "COUNT",
    "most connections, fewer than the files that the process may open; default 2000",
  ],
];

/**
 * Adds the flags.
 *
 * @param command The command.
 */
export function addServeFlags(command: CommandUnknownOpts): void {
  addRows(command, "Where:", PLACE);
  command.addOption(
    new Option(
      `--${SHARE_PORT_FLAG}`,
      "let another process of yours listen there too, so that it takes this one's place without a gap (Linux)",
    ),
  );
  addRows(command, "Policies:", TERMS);
  addRows(command, "Tokens:", TOKENS);
  command.addOption(
    wordFlag(
      `--${TOKEN_PROFILE_FLAG} <PROFILE>`,
      "profile where a request names none; default casemate",
      EAR_PROFILES,
    ),
  );
  addRows(command, "Nonces:", [[
    NONCE_SECRET_FLAG,
    "FILE",
    "secret that several instances share, 32 bytes or more: each takes the others' nonces, which then hold for a minute and can be used more than once",
  ]]);
  command.optionsGroup(COLLATERAL_GROUP).addOption(
    wordFlag(
      `--${COLLATERAL_FLAG} <WHERE>`,
      "where it is had from: the evidence (given, default), the cache, or fetched where the cache has not got it; the latter two are mirrored as well",
      ["given", "cache", "fetch"],
    ),
  );
  addSourceFlags(command);
  addRows(command, "Lab:", [[
    LAB_ROOT_FLAG,
    "FILE",
    "accept evidence of this lab, which proves nothing about hardware",
    "multiple",
  ]]);
  addRows(command, "Limits:", LIMITS);
  command.optionsGroup("Options:").addOption(outputFlag());
}

function addRows(command: CommandUnknownOpts, group: string, rows: readonly Row[]): void {
  command.optionsGroup(group);
  for (const [flag, value, says, multiple] of rows) {
    command.addOption(valueFlag({ flag, value, says, multiple: multiple !== undefined }));
  }
}
