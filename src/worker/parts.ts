/**
 * What the service is made of, on Workers.
 *
 * @module
 */

import type { PageFile, ServiceLimits, ServiceParts } from "../api/parts.ts";
import { type Collateral, createStore, memoryCache } from "../collateral/mod.ts";
import { createEngine, type Engine } from "../core/crypto.ts";
import { UnavailableError } from "../core/errors.ts";
import {
  kvCache,
  workersClock,
  workersHttp,
  workersLocks,
  workersRandom,
  workersTimer,
} from "../hosts/workers.ts";
import type { RateLimiter, WorkerEnv } from "./bindings.ts";
import { blocksOf, bytesOf, tokenKeysOf } from "./keys.ts";
import { durableLedger } from "./ledger.ts";
import { settingUp } from "./misconfigured.ts";
import { policiesOf } from "./policies.ts";
import { ofEachQuestion } from "./questions.ts";
import { readSettings, type Settings } from "./settings.ts";
import { sourceOf } from "./source.ts";

/** What was built into a Worker. */
export interface Built {
  /** The WASM module, compiled by the platform. */
  readonly module: WebAssembly.Module;
  /** Version of Casemate. */
  readonly version: string;
  /** Registered policies: a list, as `policies.json` has it. */
  readonly policies?: unknown;
  /** The web page; null where it is not there. */
  readonly page?: PageFile | null;
}

/** Longest time for one answer of a vendor, for one thing, and for all that one piece of evidence needs, ms: the platform ends work 30 s after its client left. */
const PATIENCE = { timeout: 8000, deadline: 15_000, patience: 20_000 };

/**
 * The platform bounds how much an isolate does at once. A place in a queue would be given by one request to another,
 * which is ended as hung while it waits, and a place whose holder was ended would never come back.
 */
const LIMITS: ServiceLimits = { underWay: Infinity, waiting: 0, bodyTimeout: 10_000 };

/** Size of a cache that is in the memory of the isolate, which has 128 MB in all. */
const MEMORY = 8 * 1024 * 1024;

/** How long who asks too often is told to stay away, ms: the longer one of the platform's periods. */
const STAY_AWAY = 60_000;

/** Routes that cost something: those that verify, and those that ask vendors. */
const LIMITED: readonly string[] = ["/v1/challenge", "/v1/verify", "/v1/collateral/"];

/**
 * What the service is made of.
 *
 * @param built What was built in.
 * @param env Variables, secrets and bindings.
 * @throws {InputError} `api.misconfigured`
 */
export async function serviceParts(built: Built, env: WorkerEnv): Promise<ServiceParts> {
  const settings = readSettings(env);
  const { nonceSecret, nonces, limiter, origins } = settings;
  return {
    engine: engineOf(built.module),
    clock: workersClock,
    random: workersRandom,
    nonceSecret,
    ledger: nonces === null ? null : durableLedger(nonces),
    policies: [
      ...await policiesOf("policies.json", built.policies ?? []),
      ...await policiesOf("POLICIES", settings.policies),
    ],
    keys: await tokenKeysOf(settings),
    collateral: await settingUp("COLLATERAL_URLS", () => collateralOf(settings)),
    labRoots: blocksOf("LAB_ROOTS", settings.labRoots).map(bytesOf),
    page: built.page ?? null,
    version: built.version,
    origins,
    limits: LIMITS,
    told: (line) => console.log(JSON.stringify(line)),
    failed: (error) => console.error(error),
    ...(limiter === null ? {} : { admit: (request, route) => admit(limiter, request, route) }),
  };
}

const engines = new WeakMap<WebAssembly.Module, Engine>();

/** One for the isolate, with the chains that it has verified, however often it is set up. */
function engineOf(module: WebAssembly.Module): Engine {
  const engine = engines.get(module) ?? createEngine(module);
  engines.set(module, engine);
  return engine;
}

function collateralOf({ collateralSource, collateralUrls, kv }: Settings): Collateral | null {
  if (collateralSource === "given") return null;
  const memory = { ...memoryCache(workersClock), lock: workersLocks(workersClock) };
  const store = kv === null
    ? createStore(memory, MEMORY)
    : createStore(kvCache(kv, workersClock), Infinity);
  return ofEachQuestion({
    http: workersHttp,
    store,
    clock: workersClock,
    timer: workersTimer,
    random: workersRandom,
    options: { bases: collateralUrls, ...PATIENCE },
  });
}

async function admit(limiter: RateLimiter, request: Request, route: string): Promise<void> {
  if (!LIMITED.includes(route)) return;
  const { success } = await limiter.limit({ key: sourceOf(request.headers) });
  if (success) return;
  const until = new Date(workersClock.now().getTime() + STAY_AWAY).toISOString();
  throw new UnavailableError("Cannot answer: there were too many requests from this source", {
    code: "api.rate",
    fields: { until },
    retryable: true,
  });
}
