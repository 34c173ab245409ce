/**
 * The built Worker in real workerd, set up for tests.
 *
 * @module
 */

import { type NpmToolFolder, npmToolIfThere } from "../../scripts/npm_tools.ts";
import { buildWorker } from "../../scripts/worker/build.ts";
import {
  type RunningWorker,
  runWorker,
  type WorkerdOptions,
} from "../../scripts/worker/workerd.ts";
import { toHex } from "../../src/core/bytes.ts";
import { keyPem } from "../../src/core/signing_key.ts";
import type { ServiceLab } from "../api/lab.ts";

/** wrangler with workerd; null where npm is not there. */
export const WRANGLER: NpmToolFolder | null = await npmToolIfThere("wrangler");

/**
 * Name of a test that needs workerd, which says why it is ignored.
 *
 * @param name What it is about.
 */
export function inWorkerd(name: string): { readonly name: string; readonly ignore: boolean } {
  const ignore = WRANGLER === null;
  return { name: ignore ? `${name} (ignored: npm is not there)` : name, ignore };
}

let built: Promise<string> | undefined;

/** Folder with the Worker, built once for all tests of a process; it ends with the process. */
export async function builtFolder(): Promise<string> {
  built ??= build();
  return await built;
}

async function build(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "casemate-worker-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(path, { recursive: true }));
  await buildWorker(path);
  return path;
}

/**
 * Runs the Worker.
 *
 * @param options How; what is not said is as in tests of services.
 */
export async function worker(
  options: Partial<WorkerdOptions> & Pick<WorkerdOptions, "settings">,
): Promise<RunningWorker> {
  if (WRANGLER === null) throw new Error("There is no workerd");
  return await runWorker(WRANGLER, { folder: await builtFolder(), ...options });
}

/**
 * Settings for a lab.
 *
 * @param lab What the service is to be set up with.
 */
export function settingsOf(lab: ServiceLab): Readonly<Record<string, string>> {
  const { issuer, nonceSecret, key, roots } = lab;
  return {
    NONCE_SECRET: toHex(nonceSecret),
    TOKEN_KEY: keyPem("PRIVATE KEY", key),
    ISSUER: issuer,
    LAB_ROOTS: new TextDecoder().decode(roots),
    ORIGINS: "*",
  };
}

/**
 * Registered policies of a lab, as `policies.json` has them.
 *
 * @param lab What the service is to be set up with.
 */
export function policiesOf({ policy, reference }: ServiceLab): string {
  return JSON.stringify([{ policy, reference }]);
}
