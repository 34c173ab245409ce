/**
 * What a certificate says of its TPM (TCG EK Credential Profile §3.2.9).
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import { directoryAttributes } from "../../../core/portable/alternative_name.ts";
import type { Certificate } from "../../../core/portable/certificate.ts";
import { type Element, TAG } from "../../../core/portable/der.ts";
import { Malformed } from "../../../core/malformed.ts";
import { textOf } from "../../../core/portable/values.ts";
import type { TpmIdentity } from "../report.ts";

/** Contents of the identifiers of attributes, below 2.23.133.2: hex. */
const ATTRIBUTES: Readonly<Record<keyof TpmIdentity, string>> = {
  manufacturer: "6781050201",
  model: "6781050202",
  version: "6781050203",
};

/** String types that the profile allows. */
const STRINGS: readonly number[] = [TAG.utf8String, TAG.printableString];

/**
 * Manufacturer, model and version in the subject alternative name.
 *
 * @param certificate The certificate.
 * @returns Null where it names none of them.
 * @throws {Malformed} where it names only a part, or one twice, or one is no text.
 */
export function identityOf({ extensions }: Certificate): TpmIdentity | null {
  const attributes = directoryAttributes(extensions) ?? [];
  const text = (name: keyof TpmIdentity): string | undefined => {
    const id = ATTRIBUTES[name];
    const [found, ...others] = attributes.filter(({ type }) => toHex(type) === id);
    if (others.length > 0) throw new Malformed(`the ${name} of its TPM is there twice`);
    return found === undefined ? undefined : readText(name, found.value);
  };
  const [manufacturer, model, version] = [text("manufacturer"), text("model"), text("version")];
  if (manufacturer === undefined && model === undefined && version === undefined) return null;
  if (manufacturer === undefined || model === undefined || version === undefined) {
    throw new Malformed("it names only a part of manufacturer, model and version of its TPM");
  }
  return { manufacturer, model, version };
}

/** A control would move the cursor of the terminal that shows it. */
function readText(name: string, { tag, content }: Element): string {
  const text = STRINGS.includes(tag) ? textOf(tag, content) : undefined;
  if (text === undefined || text === "" || /\p{Cc}/u.test(text)) {
    throw new Malformed(`the ${name} of its TPM is no printable text`);
  }
  return text;
}
