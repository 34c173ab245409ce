/**
 * What a certificate says of its TPM (TCG EK Credential Profile §3.2.9).
 *
 * @module
 */

import { alternativeNames } from "../../../core/portable/alternative_name.ts";
import type { Certificate } from "../../../core/portable/certificate.ts";
import { TAG } from "../../../core/portable/der.ts";
import { Malformed } from "../../../core/portable/malformed.ts";
import { textOf } from "../../../core/portable/values.ts";
import type { TpmIdentity } from "../report.ts";

/** Attributes of a directory name, dotted. */
const ATTRIBUTES: Readonly<Record<keyof TpmIdentity, string>> = {
  manufacturer: "2.23.133.2.1",
  model: "2.23.133.2.2",
  version: "2.23.133.2.3",
};

/** String types that the profile allows. */
const STRINGS: readonly number[] = [TAG.utf8String, TAG.printableString];

/**
 * Manufacturer, model and version in the subject alternative name.
 *
 * @param certificate The certificate.
 * @returns Null where one of them is not there.
 * @throws {Malformed} where one stands there twice, or is no text.
 */
export function identityOf({ extensions }: Certificate): TpmIdentity | null {
  const names = alternativeNames(extensions) ?? [];
  const attributes = names.flatMap(({ parts }) => parts.flat());
  const text = (id: string): string | undefined => {
    const [found, ...others] = attributes.filter(({ type }) => type === id);
    if (others.length > 0) throw new Malformed(`attribute ${id} is there twice`);
    return found === undefined ? undefined : readText(id, found.value);
  };
  const manufacturer = text(ATTRIBUTES.manufacturer);
  const model = text(ATTRIBUTES.model);
  const version = text(ATTRIBUTES.version);
  if (manufacturer === undefined || model === undefined || version === undefined) return null;
  return { manufacturer, model, version };
}

/** A control would move the cursor of the terminal that shows it. */
function readText(
  id: string,
  { tag, content }: { readonly tag: number; readonly content: Uint8Array },
): string {
  const text = STRINGS.includes(tag) ? textOf(tag, content) : undefined;
  if (text === undefined || text === "" || /\p{Cc}/u.test(text)) {
    throw new Malformed(`attribute ${id} is no printable text`);
  }
  return text;
}
