/**
 * Vectors of the contract in a folder: what each gives and expects.
 *
 * @module
 */

import { parse } from "yaml";

/** A vector, or a variant of it. */
export interface Vector {
  /** Path below the folder; `::public_api` for the variant. */
  readonly id: string;
  /** Stage of the contract. */
  readonly stage: string;
  /** What goes to standard input. */
  readonly input: Uint8Array;
  /** Exit code that must come. */
  readonly exit: number;
  /** Codes of which one must come where it is rejected; empty where none is named. */
  readonly codes: readonly string[];
  /** Stage that must have rejected it; null where none is named. */
  readonly by: string | null;
  /** Outputs that must come where it is accepted. */
  readonly outputs: Plain;
  /** Capabilities that it needs, by dotted path. */
  readonly needs: Plain;
}

/** Any object. */
export type Plain = Readonly<Record<string, unknown>>;

/** Refusals that come before all that a policy could say, for which the harness has a variant. */
const BEFORE_POLICY: Readonly<Record<string, readonly string[]>> = {
  "verify-attestation-tdx": [
    "QUOTE_FORMAT_UNSUPPORTED",
    "QUOTE_TRUNCATED",
    "WRONG_TEE_TYPE",
    "ATTESTATION_KEY_TYPE_UNSUPPORTED",
    "QE_VENDOR_UNKNOWN",
    "PCK_CHAIN_INVALID",
    "PCK_CHAIN_INCOMPLETE",
    "ROOT_CA_UNTRUSTED",
    "PCK_EXPIRED",
    "QUOTE_SIGNATURE_INVALID",
    "QE_REPORT_SIGNATURE_INVALID",
    "AK_BINDING_INVALID",
    "AK_MISMATCH",
  ],
  "verify-attestation-sev": [
    "REPORT_FORMAT_UNSUPPORTED",
    "REPORT_SIGNATURE_INVALID",
    "REPORT_TRUNCATED",
    "WRONG_REPORT_VERSION",
    "VCEK_CHAIN_INVALID",
    "VCEK_HWID_MISMATCH",
    "VCEK_TCB_MISMATCH",
  ],
};

/** Member by which a variant asks for the surface that users call. */
const MODE = "execution_mode";

/**
 * All vectors below a folder, in the order of their paths.
 *
 * @param folder The folder.
 * @throws {Error} where it holds none.
 */
export async function readVectors(folder: string): Promise<readonly Vector[]> {
  const paths = await manifestsBelow(folder, "");
  if (paths.length === 0) throw new Error(`${folder} holds no vectors`);
  const vectors = await Promise.all(paths.map((path) => readVector(folder, path)));
  return vectors.flatMap((vector) => [vector, ...variantsOf(vector)]);
}

async function manifestsBelow(folder: string, path: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${path}`)) {
    if (isDirectory) found.push(...await manifestsBelow(folder, `${path}${name}/`));
    else if (name === "manifest.yaml") found.push(path.slice(0, -1));
  }
  return found.toSorted();
}

async function readVector(folder: string, id: string): Promise<Vector> {
  const manifest = plain(parse(await Deno.readTextFile(`${folder}/${id}/manifest.yaml`)));
  const expects = plain(manifest["expects"]);
  const { rejection_code: code, rejection_stage: by } = expects;
  const wanted = manifest["public_api_variant"];
  return {
    id,
    stage: String(manifest["stage"]),
    input: await Deno.readFile(`${folder}/${id}/input.json`),
    exit: Number(expects["exit_code"]),
    codes: Array.isArray(code) ? code.map(String) : code === undefined ? [] : [String(code)],
    by: by === undefined ? null : String(by),
    outputs: await outputsOf(`${folder}/${id}/expected.json`),
    needs: {
      ...plain(manifest["required_capabilities"] ?? {}),
      ...(wanted === undefined ? {} : { [MODE]: wanted }),
    },
  };
}

async function outputsOf(path: string): Promise<Plain> {
  try {
    return plain(plain(JSON.parse(await Deno.readTextFile(path)))["outputs"] ?? {});
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** The same input, asked of the surface that users call, where the harness does so. */
function variantsOf({ needs: { [MODE]: wanted, ...needs }, ...vector }: Vector): readonly Vector[] {
  const before = BEFORE_POLICY[vector.stage];
  const input = plain(JSON.parse(new TextDecoder().decode(vector.input)));
  if (before === undefined || input[MODE] !== undefined || wanted === false) return [];
  const early = vector.exit === 10 && vector.codes.length > 0 &&
    vector.codes.every((code) => before.includes(code));
  if (wanted !== true && !early) return [];
  const asked = new TextEncoder().encode(JSON.stringify({ ...input, [MODE]: "public_api" }));
  return [{ ...vector, id: `${vector.id}::public_api`, input: asked, needs }];
}

/**
 * An object of any members.
 *
 * @param value Anything.
 * @throws {TypeError} where it is none.
 */
export function plain(value: unknown): Plain {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  throw new TypeError(`${JSON.stringify(value)} is no object`);
}
