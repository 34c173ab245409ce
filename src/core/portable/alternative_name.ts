/**
 * Further names of a certificate's subject (RFC 5280 §4.2.1.6).
 *
 * @module
 */

import { constructed, DerReader, readOnly, TAG } from "./der.ts";
import { EXTENSION, type Extension, findExtension } from "./extensions.ts";
import { Malformed } from "./malformed.ts";
import { type Name, takeName } from "./name.ts";

/** Highest number of a kind of GeneralName. */
const MAX_KIND = 8;

/**
 * Distinguished names in the subject alternative name; names of other kinds are passed over.
 *
 * @param extensions Extensions of a certificate.
 * @returns Undefined where the extension is absent.
 * @throws {Malformed} where it is not encoded as specified, or empty.
 */
export function alternativeNames(extensions: readonly Extension[]): readonly Name[] | undefined {
  const found = findExtension(extensions, EXTENSION.alternativeName);
  if (found === undefined) return undefined;
  const rest = new DerReader(readOnly(found.value, TAG.sequence, "the alternative names"));
  if (rest.isAtEnd) throw new Malformed("there are no alternative names");
  const names: Name[] = [];
  while (!rest.isAtEnd) {
    const { tag, content } = rest.element();
    if (tag === constructed(4)) names.push(readDirectoryName(content));
    else if (!isGeneralName(tag)) throw new Malformed("an alternative name is of another type");
  }
  return names;
}

/** A CHOICE, so its tag stands around the name (X.680 §31.2.7 c). */
function readDirectoryName(content: Uint8Array): Name {
  const reader = new DerReader(content);
  const name = takeName(reader);
  reader.finish("a directory name");
  return name;
}

/** X.690 §8.1.2.2, table 1: context-specific. */
function isGeneralName(tag: number): boolean {
  return tag >> 6 === 2 && (tag & 0x1f) <= MAX_KIND;
}
