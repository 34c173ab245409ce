/**
 * Envelopes as cases of the runtimes' suite: the accepted vectors as nodes send
 * them, bare and as CMW records of both forms, and one bent in its syntax.
 *
 * @module
 */

import { toBase64 } from "../../src/core/bytes.ts";
import {
  ENVELOPE_MEDIA_TYPE,
  writeCmwCbor,
  writeCmwJson,
  writeEnvelope,
} from "../../src/evidence/envelope/mod.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { readVectors } from "../vectors.ts";
import { caseOf } from "./cases.ts";
import type { RuntimeCase } from "./suite.ts";

/** What a verifier has beside the envelope. */
const BESIDE: readonly string[] = ["ccelTable", "documentCrls", "identityCert"];

/** Ways in which an envelope comes. */
const FORMS: Readonly<Record<string, (envelope: Uint8Array) => Uint8Array>> = {
  "envelope": (envelope) => envelope,
  "CMW in JSON": writeCmwJson,
  "CMW in CBOR": writeCmwCbor,
};

/** An envelope, and the case that it is. */
interface Base {
  readonly bytes: Uint8Array;
  readonly asked: RuntimeCase;
}

/**
 * The cases.
 *
 * @param whole Whether each comes in every form; else in one of them in turn.
 */
export async function envelopeCases(whole: boolean): Promise<readonly RuntimeCase[]> {
  const bases = (await Promise.all(technologies.map(({ id }) => basesOf(id)))).flat();
  const forms = Object.entries(FORMS);
  const formed = bases.flatMap(({ bytes, asked }, i) =>
    forms.filter((_, form) => whole || form === i % forms.length)
      .map(([name, write]) => sent(asked, name, write(bytes)))
  );
  const [smallest] = bases.toSorted((a, b) => a.bytes.length - b.bytes.length);
  if (smallest === undefined) throw new Error("There are no envelopes");
  return [...formed, ...bentCases(smallest)];
}

async function basesOf(id: typeof technologies[number]["id"]): Promise<readonly Base[]> {
  const vectors = await readVectors(id);
  return vectors.flatMap((vector): readonly Base[] => {
    const { statement, files, code } = vector;
    if (statement === undefined || code !== null) return [];
    const split = (beside: boolean) =>
      Object.fromEntries(
        Object.entries(files).filter(([role]) => BESIDE.includes(role) === beside),
      );
    const asked = caseOf(id, { ...vector, files: split(true) });
    return [{ bytes: writeEnvelope(id, statement, split(false)), asked }];
  });
}

/** The statement comes in the envelope. */
function sent(asked: RuntimeCase, name: string, bytes: Uint8Array): RuntimeCase {
  const { statement: _, ...rest } = asked;
  return { ...rest, name: `${asked.name} as ${name}`, envelope: toBase64(bytes) };
}

/** What every parser of JSON and of CBOR here must refuse in the same words. */
function bentCases({ bytes, asked }: Base): readonly RuntimeCase[] {
  const text = new TextDecoder().decode(bytes);
  const encode = (words: string): Uint8Array => new TextEncoder().encode(words);
  const cbor = writeCmwCbor(bytes);
  const bent: Readonly<Record<string, Uint8Array>> = {
    "nothing": new Uint8Array(),
    "cut short": bytes.slice(0, -1),
    "extended": encode(`${text}x`),
    "a blank before": encode(` ${text}`),
    "a byte order mark before": encode(`\ufeff${text}`),
    "a member twice": encode(text.replace('"v":1', '"v":1,"v":1')),
    "an unknown member": encode(text.replace('"v":1', '"v":1,"w":1')),
    "another version": encode(text.replace('"v":1', '"v":2')),
    "a fraction": encode(text.replace('"v":1', '"v":1.5')),
    "another variant": encode(text.replace(`"${asked.variant}"`, '"azure-tdx"')),
    "no variant": encode(text.replace(`"${asked.variant}"`, '"\\ud800"')),
    "not UTF-8": bytes.with(2, 0xff),
    "deep": encode(`{"v":${"[".repeat(20_000)}`),
    "CMW of another type": encode(
      new TextDecoder().decode(writeCmwJson(bytes)).replace(ENVELOPE_MEDIA_TYPE, "text/plain"),
    ),
    "CBOR cut short": cbor.slice(0, -1),
    "CBOR extended": Uint8Array.of(...cbor, 0),
    "CBOR of indefinite length": cbor.with(0, 0x9f),
  };
  return Object.entries(bent).map(([name, file]) => sent(asked, name, file));
}
