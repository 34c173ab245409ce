/**
 * The cloud's metadata service. Only its link-local address is asked, whatever
 * evidence or configuration say: no name is resolved, no proxy used, no redirect
 * followed.
 *
 * @module
 */

import type { Metadata, MetadataRequest } from "../../core/node_ports.ts";
import { deviceFailure } from "./failure.ts";
import { AnswerTooLarge, askPlainly, type PlainAnswer, type PlainPlace } from "./plain_http.ts";

/** Where the metadata services of all these clouds are (RFC 3927). */
const LINK_LOCAL: PlainPlace = { hostname: "169.254.169.254", port: 80 };

/**
 * How long what was read is read no more, ms: services admit few requests a
 * second, and certificates and identities of a machine change with its firmware
 * or never.
 */
const LIFE = 5 * 60 * 1000;

/** An answer that is kept. */
interface Kept {
  readonly answer: PlainAnswer;
  readonly until: number;
}

/** What tests have otherwise. */
export interface MetadataOptions {
  /** Where the service is; default the link-local address. */
  readonly place?: PlainPlace;
  /** Milliseconds that only rise; default the process's own. */
  readonly monotonic?: () => number;
}

/**
 * The metadata service. What a GET was answered with status 200 is kept for five minutes.
 *
 * @param options What tests have otherwise.
 */
export function denoMetadata(
  { place = LINK_LOCAL, monotonic = () => performance.now() }: MetadataOptions = {},
): Metadata {
  const kept = new Map<string, Kept>();
  return {
    async ask(request) {
      const found = request.method === "GET" ? kept.get(request.path) : undefined;
      if (found !== undefined && monotonic() < found.until) return found.answer;
      const answer = await askOnce(place, request);
      if (request.method === "GET" && answer.status === 200) {
        kept.set(request.path, { answer, until: monotonic() + LIFE });
      }
      return answer;
    },
  };
}

async function askOnce(place: PlainPlace, request: MetadataRequest): Promise<PlainAnswer> {
  try {
    return await askPlainly(place, request);
  } catch (cause) {
    const fields = { path: request.path };
    if (cause instanceof AnswerTooLarge) {
      const message = `The metadata service answers ${request.path} with ${cause.message}`;
      throw deviceFailure("device.metadata_answer", message, fields, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot reach the metadata service for ${request.path}: ${reason}`;
    const more = { retryable: true, cause };
    throw deviceFailure("device.metadata_unreachable", message, { ...fields, reason }, more);
  }
}
