/**
 * Registered policies, as documents have them: `policies.json` that was built
 * in, and the variable `POLICIES`.
 *
 * ```json
 * [{ "policy": { "version": 1 }, "reference": { "version": 1 } }]
 * ```
 *
 * @module
 */

import type { RegisteredPolicy } from "../api/parts.ts";
import { fromBase64 } from "../core/bytes.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import type { FilesByRole } from "../evidence/evidence.ts";
import { ownerAuthority } from "../policy/reference/authority.ts";
import { readSignedReference } from "../policy/reference/signed.ts";
import { bytesOf, publicKeysOf } from "./keys.ts";
import { misconfigured, settingUp } from "./misconfigured.ts";

/** Members of one of them. */
const MEMBERS: readonly string[] = ["policy", "reference", "ownerKeys", "believed"];

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads registered policies; what they say is the service's to read.
 *
 * @param name Where they stand, for errors.
 * @param given A list, or JSON of one.
 * @throws {InputError} `api.misconfigured`
 */
export async function policiesOf(
  name: string,
  given: unknown,
): Promise<readonly RegisteredPolicy[]> {
  const list = typeof given === "string"
    ? await settingUp(name, () => parseStrictJson(bytesOf(given)))
    : given;
  if (!Array.isArray(list)) throw misconfigured(name, "expected a list of registered policies");
  const policies: RegisteredPolicy[] = [];
  for (const [i, one] of list.entries()) policies.push(await policyOf(`${name}[${i}]`, one));
  return policies;
}

async function policyOf(name: string, given: unknown): Promise<RegisteredPolicy> {
  const members = membersOf(name, given);
  const unknown = Object.keys(members).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined) {
    throw misconfigured(`${name}.${unknown}`, `it is none; known are ${MEMBERS.join(", ")}`);
  }
  const { policy, reference, ownerKeys, believed } = members;
  if (policy === undefined) throw misconfigured(`${name}.policy`, "it is missing");
  return {
    policy,
    reference: ownerKeys === undefined ? reference : await signed(name, reference, ownerKeys),
    ...(believed === undefined ? {} : { believed: believedOf(`${name}.believed`, believed) }),
  };
}

/** A DSSE envelope; what was signed is a text inside, so that its own JSON may be written in any way. */
async function signed(name: string, reference: unknown, ownerKeys: unknown): Promise<unknown> {
  const keys = typeof ownerKeys === "string"
    ? await publicKeysOf(`${name}.ownerKeys`, ownerKeys)
    : [];
  if (keys.length === 0) {
    throw misconfigured(`${name}.ownerKeys`, "expected public keys, PEM, one after the other");
  }
  if (reference === undefined) {
    throw misconfigured(`${name}.reference`, "it is missing, and ownerKeys are there");
  }
  const file = bytesOf(JSON.stringify(reference));
  return await settingUp(
    `${name}.reference`,
    () => readSignedReference(file, [ownerAuthority(keys)]),
  );
}

function believedOf(name: string, given: unknown): FilesByRole {
  const files = Object.entries(membersOf(name, given)).map(([role, file]) => {
    const several = Array.isArray(file) ? file : [file];
    const read = several.map((one) => fileOf(`${name}.${role}`, one));
    return [role, Array.isArray(file) ? read : read[0]] as const;
  });
  return Object.fromEntries(files);
}

function fileOf(name: string, given: unknown): Uint8Array {
  if (typeof given !== "string") throw misconfigured(name, "expected PEM or base64");
  if (given.startsWith("-----BEGIN ")) return bytesOf(given);
  try {
    return fromBase64(given);
  } catch (cause) {
    throw misconfigured(name, "expected PEM or base64", cause);
  }
}

function membersOf(name: string, given: unknown): Members {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) {
    return Object.fromEntries(Object.entries(given));
  }
  throw misconfigured(name, "expected an object");
}
