/**
 * What evidence needs of the cloud's metadata service. Paths stand here and come
 * from no evidence; which address answers is the port's to know.
 *
 * @module
 */

import type { MetadataRequest } from "../../core/node_ports.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import type { NodeDevices } from "./devices.ts";
import { deviceError, needed } from "./refused.ts";

/** Longest time until an answer is there, ms: it comes from the same machine. */
const PATIENCE = 10_000;

/** Largest answer: a quote in base64, or three certificates. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** What is asked; the rest is the same each time. */
export type MetadataQuestion =
  & Pick<MetadataRequest, "path" | "headers">
  & Partial<Pick<MetadataRequest, "method" | "body">>;

/**
 * Asks the metadata service.
 *
 * @param devices What the node has.
 * @param variant What it is for.
 * @param question What is asked.
 * @returns The answer's body.
 * @throws {UnavailableError} `device.absent`, `device.metadata_unreachable`, `device.metadata_refused`, `device.metadata_answer`
 */
export async function askMetadata(
  { metadata }: Pick<NodeDevices, "metadata">,
  variant: string,
  { path, headers, method = "GET", body = new Uint8Array() }: MetadataQuestion,
): Promise<Uint8Array> {
  const service = needed(metadata, variant, "metadata service");
  const request = { path, headers, method, body, maxBytes: MAX_ANSWER_BYTES, timeout: PATIENCE };
  const answer = await service.ask(request);
  if (answer.status === 200) return answer.body;
  const fields = { path, status: String(answer.status) };
  const message = `The metadata service answers ${path} with status ${answer.status}`;
  const isPassing = answer.status === 429 || answer.status >= 500;
  throw deviceError("device.metadata_refused", message, fields, isPassing);
}

/**
 * Texts among the members of an answer in JSON.
 *
 * @param path What was asked, for messages.
 * @param body The answer.
 * @param names Members that must be there.
 * @throws {UnavailableError} `device.metadata_answer`
 */
export function textsOf<const Name extends string>(
  path: string,
  body: Uint8Array,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const value: Readonly<Record<string, unknown>> = Object(parsed(path, body));
  const texts = names.map((name) => {
    const member = value[name];
    if (typeof member !== "string") throw malformed(path, `${name} is no text`);
    return [name, member] as const;
  });
  // Each name is there, as was just seen.
  return Object.fromEntries(texts) as Record<Name, string>;
}

function parsed(path: string, body: Uint8Array): unknown {
  try {
    return parseStrictJson(body);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw malformed(path, cause.message);
    throw cause;
  }
}

/**
 * An answer that has not its form.
 *
 * @param path What was asked.
 * @param reason What does not fit.
 */
export function malformed(path: string, reason: string): Error {
  const message = `Cannot read what the metadata service answers to ${path}: ${reason}`;
  return deviceError("device.metadata_answer", message, { path, reason });
}
