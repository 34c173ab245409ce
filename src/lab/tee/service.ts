/**
 * The lab's TEE as its guest's kernel sees it: a question comes, a report goes
 * (Request to Response, for whatever socket a host puts it behind).
 *
 * The guest says what stands in REPORT_DATA and nothing else; what launched it
 * is fixed with its chip.
 *
 * @module
 */

import { toBase64url } from "../../core/base64url.ts";
import {
  DecodeError,
  type Decoder,
  hex,
  integer,
  object,
  optional,
  required,
} from "../../core/decode.ts";
import { fromHex } from "../../core/bytes.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import { type LabChip, reportOf } from "./chip.ts";

/** Where reports are asked for. */
export const TEE_PATH = "/report";

/** Bytes of REPORT_DATA. */
const REPORT_DATA_BYTES = 64;

/** Most bytes of a question; the longest has some 170. */
const MAX_QUESTION_BYTES = 1024;

interface TeeQuestion {
  readonly reportData: string;
  readonly privilege: number;
}

const QUESTION: Decoder<TeeQuestion> = object<TeeQuestion>({
  reportData: required(hex(REPORT_DATA_BYTES), "What the report holds for the guest"),
  privilege: optional(integer(0, 3), 0, "VMPL that the guest asks from"),
});

/** What is wrong with a question, and the status that says so. */
class Refused extends Error {
  constructor(readonly status: number, readonly code: string, says: string) {
    super(says);
    this.name = "Refused";
  }
}

/**
 * The TEE of one guest.
 *
 * @param chip The chip that the guest runs on.
 */
export function createLabTee(chip: LabChip): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const { reportData, privilege } = await readQuestion(request);
      return answer(200, await answerOf(chip, fromHex(reportData), privilege));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return answer(error.status, { code: error.code, message: error.message });
    }
  };
}

async function answerOf(
  chip: LabChip,
  reportData: Uint8Array,
  privilege: number,
): Promise<object> {
  return {
    provider: "sev_guest",
    report: toBase64url(await reportOf(chip, reportData, privilege)),
    leaf: toBase64url(chip.leaf),
    chain: chip.chain.map(toBase64url),
    lists: chip.lists.map(toBase64url),
  };
}

async function readQuestion(request: Request): Promise<TeeQuestion> {
  if (new URL(request.url).pathname !== TEE_PATH) {
    throw new Refused(404, "lab_tee.path", `Reports are asked for at ${TEE_PATH}`);
  }
  if (request.method !== "POST") {
    throw new Refused(405, "lab_tee.method", "Reports are asked for by POST");
  }
  if (request.headers.get("content-type") !== "application/json") {
    throw new Refused(415, "lab_tee.type", "The question is application/json");
  }
  const bytes = await bodyOf(request);
  try {
    return QUESTION.decode(parseStrictJson(bytes), "");
  } catch (cause) {
    if (!(cause instanceof DecodeError || cause instanceof SyntaxError)) throw cause;
    throw new Refused(400, "lab_tee.malformed", `Cannot read the question: ${cause.message}`);
  }
}

async function bodyOf(request: Request): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_QUESTION_BYTES);
  let length = 0;
  for await (const part of request.body ?? []) {
    if (length + part.length > MAX_QUESTION_BYTES) {
      throw new Refused(
        413,
        "lab_tee.too_large",
        `The question has more than ${MAX_QUESTION_BYTES} bytes`,
      );
    }
    bytes.set(part, length);
    length += part.length;
  }
  return bytes.subarray(0, length);
}

function answer(status: number, content: object): Response {
  return new Response(JSON.stringify(content), {
    status,
    headers: { "content-type": "application/json" },
  });
}
