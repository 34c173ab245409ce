/**
 * `casemate serve`: verifies for others.
 *
 * @module
 */

import { memoryLedger } from "../../api/ledger.ts";
import { DEFAULT_LIMITS, type ServiceParts, type TokenKeys } from "../../api/parts.ts";
import { createService } from "../../api/service.ts";
import type { Collateral } from "../../collateral/collateral.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import { CasemateError } from "../../core/errors.ts";
import type { Host, TlsIdentity } from "../../core/ports.ts";
import { whereFrom } from "../collateral/asked.ts";
import {
  CACHE_FLAG,
  COLLATERAL_FLAG,
  MAX_AGE_FLAG,
  TIMEOUT_FLAG,
  URL_FLAG,
} from "../collateral/flags.ts";
import { withFlag } from "../collateral/key_files.ts";
import { contextOf, openCollateral } from "../collateral/open.ts";
import { readListening } from "../collateral/written.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { readCount, readNonceSecret } from "../serve/count.ts";
import * as flags from "../serve/flags.ts";
import { readTokenKeys } from "../serve/keys.ts";
import { type Log, logTo } from "../serve/log.ts";
import { readPolicies } from "../serve/policies.ts";
import { readIdentity } from "../serve/tls.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Where it listens unless something else is said. */
const DEFAULT_LISTEN = "127.0.0.1:8080";

/** Flags that do nothing where nothing is looked up. */
const OF_COLLATERAL: readonly string[] = [CACHE_FLAG, URL_FLAG, TIMEOUT_FLAG, MAX_AGE_FLAG];

/** Bytes of a secret that is made for one start. */
const SECRET_BYTES = 32;

/**
 * Serves until the process is asked to end.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 */
export async function serve({ host }: Context, given: Given): Promise<void> {
  const listening = readListening(given.text(flags.LISTEN_FLAG) ?? DEFAULT_LISTEN);
  const maxConnections = readCount(given, flags.CONNECTIONS_FLAG, 1);
  const log = logTo(host, readFormat(given.text(OUTPUT_FLAG)));
  const reader = new FileReader(host.files);
  const tls = await readIdentity(host, given, reader);
  const keys = { value: await readTokenKeys(given, reader) };
  const parts = await partsOf(host, given, { reader, keys, log });
  const handle = await withFlag(`--policy`, () => Promise.resolve(createService(parts)));
  await withFlag(`--${flags.LISTEN_FLAG}`, () =>
    host.servers.serve({
      ...listening,
      handle,
      sharePort: given.has(flags.SHARE_PORT_FLAG),
      ...(maxConnections === undefined ? {} : { maxConnections }),
      ...(tls === null ? {} : { tls }),
      reload: () => reload(host, given, { keys, log }),
      listening: (url) => tellStart(log, url, parts),
    }));
  log.happened("ended", "Ended; all requests were answered");
}

/** Keys that can be put in place of others while the service runs. */
interface Keys {
  value: TokenKeys | null;
}

interface Making {
  readonly reader: FileReader;
  readonly keys: Keys;
  readonly log: Log;
}

async function partsOf(
  host: Host,
  given: Given,
  { reader, keys, log }: Making,
): Promise<ServiceParts> {
  const { clock, random, build } = host;
  const shared = await readNonceSecret(given, reader);
  const limits = {
    ...DEFAULT_LIMITS,
    underWay: readCount(given, flags.UNDER_WAY_FLAG, 1) ?? DEFAULT_LIMITS.underWay,
    waiting: readCount(given, flags.WAITING_FLAG, 0) ?? DEFAULT_LIMITS.waiting,
  };
  const { labRoots } = await contextOf(host, given, reader);
  return {
    engine: inlineEngine,
    clock,
    random,
    nonceSecret: shared ?? random.bytes(SECRET_BYTES),
    // Others with the same secret take the same nonces, and none knows what another has spent.
    ledger: shared === null ? memoryLedger(clock) : null,
    policies: await readPolicies(given, reader),
    get keys() {
      return keys.value;
    },
    collateral: collateralOf(host, given),
    labRoots: labRoots ?? [],
    page: await host.page(),
    version: build.version,
    origins: readOrigins(given),
    limits,
    told: log.answered,
    failed: (error) => log.warned("failed", `A mistake of the program: ${stackOf(error)}`),
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

function collateralOf(host: Host, given: Given): Collateral | null {
  const where = whereFrom(given);
  if (where !== "given") {
    return openCollateral(host, given, { offline: where === "cache" }).collateral;
  }
  const idle = OF_COLLATERAL.find((flag) => given.has(flag));
  if (idle === undefined) return null;
  const message =
    `Cannot use --${idle} alone: nothing is looked up without --${COLLATERAL_FLAG} cache or fetch`;
  throw flagError("input.conflict", message, `--${idle}`);
}

function readOrigins(given: Given): "*" | readonly string[] {
  const texts = given.texts(flags.ORIGIN_FLAG);
  for (const text of texts) {
    if (URL.canParse(text) && new URL(text).origin === text) continue;
    const flag = `--${flags.ORIGIN_FLAG}`;
    const message = `Cannot use ${flag} ${
      JSON.stringify(text)
    }: expected scheme, host and port, as https://example.org`;
    throw flagError("input.value", message, flag);
  }
  return texts.length === 0 ? "*" : texts;
}

/** What was wrong before is wrong for nobody but who changed it: the service goes on with what it had. */
async function reload(
  host: Host,
  given: Given,
  { keys, log }: { readonly keys: Keys; readonly log: Log },
): Promise<TlsIdentity | null> {
  try {
    const reader = new FileReader(host.files);
    const identity = await readIdentity(host, given, reader);
    keys.value = await readTokenKeys(given, reader);
    log.happened("reloaded", "Read keys and certificate again", keysOf(keys.value));
    return identity;
  } catch (error) {
    const known = error instanceof CasemateError;
    const why = known ? `${error.message} (${error.code})` : stackOf(error);
    log.warned("not_reloaded", `Goes on with the keys and the certificate that it had: ${why}`);
    return null;
  }
}

function keysOf(keys: TokenKeys | null): Readonly<Record<string, unknown>> {
  return keys === null ? {} : { key: keys.signer.publicKey.id };
}

function tellStart(log: Log, url: string, parts: ServiceParts): void {
  const { policies, keys, ledger, labRoots, collateral } = parts;
  if (labRoots.length > 0) {
    log.warned(
      "lab",
      "LAB ROOTS ARE ACCEPTED: what this service says proves nothing about hardware",
    );
  }
  const { hostname, protocol } = new URL(url);
  if (protocol === "http:" && !isHere(hostname)) {
    log.warned("plain", "Without TLS whoever is between reads and changes what is said");
  }
  const signs = keys === null
    ? "no tokens"
    : `tokens of key ${keys.signer.publicKey.id.slice(0, 16)}`;
  const nonces = ledger === null ? "nonces of a minute" : "nonces for one use";
  const registered = `${policies.length} ${policies.length === 1 ? "policy" : "policies"}`;
  log.happened(
    "listening",
    `Listening on ${url}; ${registered}, ${signs}, ${nonces}${
      collateral === null ? "" : ", with collateral"
    }; end it with Ctrl-C`,
    { listening: url, policies: policies.length, singleUse: ledger !== null, ...keysOf(keys) },
  );
}

function isHere(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
