/**
 * How a Worker is set up: variables, secrets and bindings, read strictly. What
 * is unknown, or of the wrong form, is refused: a misspelt name would else be a
 * setting that silently is not there.
 *
 * @module
 */

import { SERVICES } from "../collateral/services.ts";
import { fromHex } from "../core/bytes.ts";
import type { CollateralService } from "../evidence/collateral.ts";
import type { KvNamespace } from "../hosts/workers.ts";
import { EAR_PROFILES, type EarProfile } from "../results/profile.ts";
import {
  type DurableNamespace,
  isDurable,
  isKv,
  isLimiter,
  type RateLimiter,
  type WorkerEnv,
} from "./bindings.ts";
import { misconfigured } from "./misconfigured.ts";

/** Where what evidence does not bring comes from: nowhere, or the vendors. */
export type CollateralSource = "given" | "fetch";

/** Addresses by service. */
export type CollateralUrls = Readonly<Partial<Record<CollateralService, string>>>;

/** How a Worker is set up. */
export interface Settings {
  /** Secret for nonces, at least 32 bytes. */
  readonly nonceSecret: Uint8Array;
  /** Objects that remember which nonces were used; null where nobody does, and nonces are time-limited. */
  readonly nonces: DurableNamespace | null;
  /** Key of tokens, PEM; null where none are signed. */
  readonly tokenKey: string | null;
  /** Further keys that are published, PEM, one after the other. */
  readonly publishedKeys: string;
  /** `iss` of tokens; null where none are signed. */
  readonly issuer: string | null;
  /** Profile of tokens where a request names none. */
  readonly tokenProfile: EarProfile;
  /** Registered policies, as `policies.json` has them, beside those that were built in. */
  readonly policies: unknown;
  /** Where collateral comes from. */
  readonly collateralSource: CollateralSource;
  /** Addresses in place of the vendors', by service. */
  readonly collateralUrls: CollateralUrls;
  /** Where collateral is kept; null where it is in memory. */
  readonly kv: KvNamespace | null;
  /** Counts requests of one source; null where nobody does. */
  readonly limiter: RateLimiter | null;
  /** Origins whose pages may read answers. */
  readonly origins: "*" | readonly string[];
  /** Lab roots, PEM, one after the other; empty on a service that others rely on. */
  readonly labRoots: string;
}

/** Names of all settings, with what each is. */
export const SETTINGS = {
  NONCE_SECRET: "secret for nonces, 32 bytes or more, hex",
  NONCES: "Durable Objects of the class NonceLedger",
  TOKEN_KEY: "secret, key of tokens, PKCS #8, PEM",
  PUBLISHED_KEYS: "further public keys, PEM",
  ISSUER: "who runs this service, an https address",
  TOKEN_PROFILE: "casemate, ietf, veraison or trustee",
  POLICIES: "registered policies, JSON",
  COLLATERAL_SOURCE: "given or fetch",
  COLLATERAL_URLS: "addresses in place of vendors, SERVICE=URL with blanks between",
  COLLATERAL: "namespace of Workers KV",
  RATE_LIMIT: "rate limit",
  ORIGINS: "origins whose pages may read answers, with blanks between; default *",
  LAB_ROOTS: "roots of a lab, PEM",
} as const;

type SettingName = keyof typeof SETTINGS;

/** Least bytes of the secret (RFC 2104 §3). */
const MIN_SECRET = 32;

/**
 * Reads how a Worker is set up.
 *
 * @param env Variables, secrets and bindings.
 * @throws {InputError} `api.misconfigured`, naming what is wrong.
 */
export function readSettings(env: WorkerEnv): Settings {
  refuseUnknown(env);
  const kv = bound(env, "COLLATERAL", isKv);
  const tokenKey = textOf(env, "TOKEN_KEY");
  const issuer = textOf(env, "ISSUER");
  if ((tokenKey === null) !== (issuer === null)) {
    const [there, missing] = tokenKey === null ? ["ISSUER", "TOKEN_KEY"] : ["TOKEN_KEY", "ISSUER"];
    throw misconfigured(missing, `it is missing, and ${there} is there; tokens take both`);
  }
  return {
    nonceSecret: secretOf(env),
    nonces: bound(env, "NONCES", isDurable),
    tokenKey,
    publishedKeys: textOf(env, "PUBLISHED_KEYS") ?? "",
    issuer: issuer === null ? null : issuerOf(issuer),
    tokenProfile: wordOf(env, "TOKEN_PROFILE", EAR_PROFILES, "casemate"),
    policies: env["POLICIES"] ?? [],
    collateralSource: wordOf(env, "COLLATERAL_SOURCE", SOURCES, kv === null ? "given" : "fetch"),
    collateralUrls: urlsOf(env),
    kv,
    limiter: bound(env, "RATE_LIMIT", isLimiter),
    origins: originsOf(env),
    labRoots: textOf(env, "LAB_ROOTS") ?? "",
  };
}

const SOURCES: readonly CollateralSource[] = ["given", "fetch"];

function refuseUnknown(env: WorkerEnv): void {
  const unknown = Object.keys(env).find((name) => !Object.hasOwn(SETTINGS, name));
  if (unknown === undefined) return;
  throw misconfigured(unknown, `it is none; known are ${Object.keys(SETTINGS).join(", ")}`);
}

function bound<T>(
  env: WorkerEnv,
  name: SettingName,
  is: (value: unknown) => value is T,
): T | null {
  const value = env[name];
  if (value === undefined) return null;
  if (is(value)) return value;
  throw misconfigured(name, `expected ${SETTINGS[name]}`);
}

/** An empty text would be a setting that somebody meant to make. */
function textOf(env: WorkerEnv, name: SettingName): string | null {
  const value = env[name];
  if (value === undefined) return null;
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw misconfigured(name, `expected ${SETTINGS[name]}`);
}

function wordOf<T extends string>(
  env: WorkerEnv,
  name: SettingName,
  words: readonly T[],
  usual: T,
): T {
  const text = textOf(env, name) ?? usual;
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  throw misconfigured(name, `expected ${words.join(", ")}`);
}

function secretOf(env: WorkerEnv): Uint8Array {
  const text = textOf(env, "NONCE_SECRET");
  if (text === null) throw misconfigured("NONCE_SECRET", "it is missing");
  if (/^(?:[0-9a-f]{2})+$/i.test(text) && text.length >= 2 * MIN_SECRET) {
    return fromHex(text.toLowerCase());
  }
  throw misconfigured("NONCE_SECRET", `expected ${SETTINGS.NONCE_SECRET}`);
}

function issuerOf(text: string): string {
  const isPlain = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (isPlain) return text;
  throw misconfigured("ISSUER", `expected ${SETTINGS.ISSUER}`);
}

function urlsOf(env: WorkerEnv): CollateralUrls {
  const urls: Partial<Record<CollateralService, string>> = {};
  for (const word of wordsOf(env, "COLLATERAL_URLS")) {
    const [, name = "", url] = /^([a-z-]+)=(\S+)$/.exec(word) ?? [];
    if (url === undefined || !isService(name) || urls[name] !== undefined) {
      const known = Object.keys(SERVICES).join(", ");
      throw misconfigured("COLLATERAL_URLS", `expected SERVICE=URL, each once; known are ${known}`);
    }
    urls[name] = url;
  }
  return urls;
}

function isService(name: string): name is CollateralService {
  return Object.hasOwn(SERVICES, name);
}

function wordsOf(env: WorkerEnv, name: SettingName): readonly string[] {
  return (textOf(env, name) ?? "").split(/\s+/).filter((word) => word !== "");
}

function originsOf(env: WorkerEnv): Settings["origins"] {
  // Nothing here depends on who asks: there are no cookies, and no network that only a browser is in.
  if (env["ORIGINS"] === undefined) return "*";
  const words = wordsOf(env, "ORIGINS");
  if (words.length === 1 && words[0] === "*") return "*";
  const wrong = words.find((word) => !URL.canParse(word) || new URL(word).origin !== word);
  if (wrong === undefined) return words;
  throw misconfigured("ORIGINS", `${JSON.stringify(wrong)} is no origin, as https://app.example`);
}
