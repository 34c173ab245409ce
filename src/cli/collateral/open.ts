/**
 * Opens the cache and what stands behind it, as flags say.
 *
 * @module
 */

import { inlineEngine } from "../../core/crypto_inline.ts";
import { createCollateral, PATIENCE } from "../../collateral/create.ts";
import { createStore } from "../../collateral/create_store.ts";
import type {
  Collateral,
  CollateralOptions,
  CollateralParts,
  CollateralTerms,
} from "../../collateral/collateral.ts";
import type { CollateralStore } from "../../collateral/store.ts";
import { InputError } from "../../core/errors.ts";
import type { Host, Timer } from "../../core/ports.ts";
import type { CompleteOptions } from "../../verifier/complete.ts";
import type { FileReader } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import { refuseBadRoots } from "../input/wrong_kind.ts";
import { LAB_ROOT_FLAG } from "../verify_flags.ts";
import {
  CACHE_FLAG,
  HERE_FLAG,
  MAX_AGE_FLAG,
  RECOVERY_FLAG,
  TIMEOUT_FLAG,
  URL_FLAG,
} from "./flags.ts";
import { readAge, readBases, readRecovery, readTimeout } from "./written.ts";

/** A cache, and who is asked for what is not in it. */
export interface Opened {
  /** Gives things. */
  readonly collateral: Collateral;
  /** What is kept. */
  readonly store: CollateralStore;
}

/**
 * Opens the cache.
 *
 * @param host The machine.
 * @param given The flags.
 * @param options Whether nobody is asked.
 * @throws {InputError} naming the flag.
 */
export function openCollateral(
  host: Host,
  given: Given,
  options: Pick<CollateralOptions, "offline">,
): Opened {
  const store = createStore(host.caches.open(given.text(CACHE_FLAG)));
  const { http, clock, random } = host;
  const asked = { ...options, ...optionsOf(given) };
  const timer = tellingTimer(host, asked.patience ?? PATIENCE);
  return {
    collateral: withUrlFlag({ http, store, clock, timer, random, options: asked }),
    store,
  };
}

/** What is wrong with an address is told with the flag. */
function withUrlFlag(parts: CollateralParts): Collateral {
  try {
    return createCollateral(parts);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw renamed(error, error.message, `--${URL_FLAG}`);
  }
}

/** Waits of which a person wants to know why nothing happens, ms. */
const LONG_WAIT = 3000;

/** Says that it waits, since services can ask for minutes of rest. */
function tellingTimer({ timer, terminal }: Host, patience: number): Timer {
  const most = `${patience / 1000} seconds in all, --${TIMEOUT_FLAG}`;
  return {
    wait(milliseconds) {
      if (milliseconds >= LONG_WAIT) {
        const seconds = Math.ceil(milliseconds / 1000);
        terminal.err(
          `Waiting ${seconds} seconds: the service is not to be asked before (${most})\n`,
        );
      }
      return timer.wait(milliseconds);
    },
  };
}

/**
 * What flags say about asking.
 *
 * @param given The flags; those that a command does not have say nothing.
 */
export function optionsOf(given: Given): CollateralOptions {
  const age = given.maybe(MAX_AGE_FLAG);
  const bases = given.knows(URL_FLAG) ? readBases(given.texts(URL_FLAG)) : {};
  const timeout = given.maybe(TIMEOUT_FLAG);
  return {
    bases,
    ...(age === undefined ? {} : { maxAge: readAge(age) }),
    ...(timeout === undefined ? {} : patienceOf(readTimeout(timeout))),
  };
}

function patienceOf(time: number): Pick<CollateralOptions, "deadline" | "patience"> {
  return { deadline: time, patience: time };
}

/**
 * What flags say about which collateral evidence needs.
 *
 * @param given The flags.
 */
export function needsOf(given: Given): CompleteOptions {
  const recovery = given.text(RECOVERY_FLAG);
  return {
    ...(recovery === undefined ? {} : { tcbRecovery: readRecovery(recovery) }),
    ...(given.has(HERE_FLAG) ? { onThisMachine: true } : {}),
  };
}

/**
 * What answers are authenticated with.
 *
 * @param host The machine.
 * @param given The flags.
 * @param reader Reads files.
 * @throws {InputError} naming the flag.
 */
export async function contextOf(
  host: Host,
  given: Given,
  reader: FileReader,
): Promise<CollateralTerms> {
  const roots = [];
  for (const path of given.texts(LAB_ROOT_FLAG)) {
    roots.push(await reader.read(`--${LAB_ROOT_FLAG}`, path));
  }
  await refuseBadRoots(inlineEngine, roots);
  const labRoots = roots.map(({ bytes }) => bytes);
  return { engine: inlineEngine, now: host.clock.now(), labRoots };
}
