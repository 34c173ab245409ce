/**
 * Encodings: there is one of each certificate, X.690's DER (RFC 5280 §4.1).
 *
 * @module
 */

import {
  encoding,
  FIELD,
  fieldOf,
  fill,
  framing,
  type LimboCase,
  longer,
  makeIndefinite,
  partOf,
  textValue,
  value,
} from "./case.ts";

const BER = "OpenSSL's reader of certificates takes BER where it does not have to encode again";

/** The cases. */
export const ENCODINGS: readonly LimboCase[] = [
  {
    what: "the same, written again",
    rule: "control",
    edit: encoding(() => {}),
    expected: "accepted",
  },
  {
    what: "long length of the certificate",
    rule: "X.690 §10.1",
    edit: framing((certificate) => certificate.length = longer),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "long length of the signed part",
    rule: "X.690 §10.1",
    edit: encoding((_, signed) => signed.length = longer),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "long length of the serial number",
    rule: "X.690 §10.1",
    edit: encoding((fields) => fieldOf(fields, FIELD.serial).length = longer),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "long length of a name",
    rule: "X.690 §10.1",
    edit: encoding((fields) => fieldOf(fields, FIELD.subject).length = longer),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "indefinite length of the certificate",
    rule: "X.690 §10.1",
    edit: framing(makeIndefinite),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "indefinite length of the extensions",
    rule: "X.690 §10.1",
    edit: encoding((fields) => makeIndefinite(fieldOf(fields, FIELD.extensions, 0))),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "indefinite length of the subject",
    rule: "X.690 §10.1",
    edit: encoding((fields) => makeIndefinite(fieldOf(fields, FIELD.subject))),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "a part more in the signed part",
    rule: "§4.1",
    edit: encoding((_, signed) => signed.inner.push(value(5))),
    expected: "malformed",
  },
  {
    what: "a part more around the signature",
    rule: "§4.1",
    edit: framing(({ inner }) => inner.push(value(5))),
    expected: "malformed",
  },
  {
    what: "no signature",
    rule: "§4.1",
    edit: framing(({ inner }) => inner.pop()),
    expected: "malformed",
  },
  {
    what: "the signature as an OCTET STRING",
    rule: "§4.1",
    edit: framing((certificate) => partOf(certificate, 2).tag = 4),
    expected: "malformed",
  },
  {
    what: "a signature that says one unused bit",
    rule: "§4.1.1.3: a string of bits, of whole octets by its algorithm",
    edit: framing((certificate) => {
      const signature = partOf(certificate, 2);
      signature.content = signature.content.map((octet, i) => i === 0 ? 1 : octet);
    }),
    expected: "signature",
  },
  {
    what: "a signature that says eight unused bits",
    rule: "X.690 §8.6.2.2",
    edit: framing((certificate) => {
      const signature = partOf(certificate, 2);
      signature.content = signature.content.map((octet, i) => i === 0 ? 8 : octet);
    }),
    expected: "malformed",
  },
  {
    what: "a signature without the count of its unused bits",
    rule: "X.690 §8.6.2.1",
    edit: framing((certificate) => fill(partOf(certificate, 2))),
    expected: "malformed",
  },
  {
    what: "a signature with a byte behind it",
    rule: "FIPS 186-5, RFC 8017 §8.1.2",
    edit: framing((certificate) => {
      const signature = partOf(certificate, 2);
      signature.content = Uint8Array.from([...signature.content, 0]);
    }),
    expected: "signature",
  },
  {
    what: "an empty signature",
    rule: "FIPS 186-5, RFC 8017 §8.1.2",
    edit: framing((certificate) => fill(partOf(certificate, 2), 0)),
    expected: "signature",
  },
  {
    what: "version 1 written out",
    rule: "X.690 §11.5: a default is left out",
    edit: encoding((fields) => fill(fieldOf(fields, FIELD.version, 0), 0)),
    expected: "malformed",
    openssl: "it takes defaults that are written out",
  },
  {
    what: "version 1, with extensions",
    rule: "§4.1.2.1",
    edit: encoding((_, signed) => signed.inner.shift()),
    expected: "shape",
    openssl: "it asks about versions with -x509_strict alone",
  },
  {
    what: "version 2, with extensions",
    rule: "§4.1.2.1",
    edit: encoding((fields) => fill(fieldOf(fields, FIELD.version, 0), 1)),
    expected: "shape",
    openssl: "it asks about versions with -x509_strict alone",
  },
  {
    what: "version 4",
    rule: "§4.1",
    edit: encoding((fields) => fill(fieldOf(fields, FIELD.version, 0), 3)),
    expected: "malformed",
    openssl: "it asks about versions with -x509_strict alone",
  },
  {
    what: "version 3 in two octets",
    rule: "X.690 §8.3.2",
    edit: encoding((fields) => fill(fieldOf(fields, FIELD.version, 0), 0, 2)),
    expected: "malformed",
  },
  {
    what: "a SET of two that are not sorted",
    rule: "X.690 §11.6",
    edit: encoding((fields) => {
      const set = fieldOf(fields, FIELD.subject, 0);
      const more = structuredClone(partOf(fieldOf(fields, FIELD.subject, 1), 0));
      set.inner.push(more);
      // The longer one first, whichever it is: its length stands in its second octet.
      const size = (node: typeof more): number =>
        node.inner.reduce((sum, { content }) => sum + content.length, 0);
      set.inner.sort((a, b) => size(b) - size(a));
    }),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "a SET of none",
    rule: "§4.1.2.4: SIZE (1..MAX)",
    edit: encoding((fields) => {
      const subject = fieldOf(fields, FIELD.subject);
      subject.inner.push({ tag: 0x31, content: new Uint8Array(), inner: [] });
    }),
    expected: "malformed",
    openssl: "it takes sets of any size",
  },
  {
    what: "a part of a name without a value",
    rule: "§4.1.2.4",
    edit: encoding((fields) => fieldOf(fields, FIELD.subject, 0, 0).inner.pop()),
    expected: "malformed",
  },
  {
    what: "the key with one unused bit",
    rule: "§4.1.2.7: whole octets by its algorithm",
    edit: encoding((fields) => {
      const bits = fieldOf(fields, FIELD.key, 1);
      bits.content = bits.content.map((octet, i) => i === 0 ? 1 : octet);
    }),
    expected: "shape",
    openssl: "it takes the octets as they are",
  },
  {
    what: "the key with a part behind it",
    rule: "§4.1.2.7",
    edit: encoding((fields) => fieldOf(fields, FIELD.key).inner.push(value(5))),
    expected: "malformed",
  },
  {
    what: "a unique identifier of the issuer",
    rule: "§4.1.2.8: not used",
    edit: encoding((_, signed) => signed.inner.splice(FIELD.extensions, 0, value(0x81, 0, 1))),
    expected: "shape",
    openssl: "it is allowed in version 3, and used by nobody",
  },
  {
    what: "a unique identifier of the subject",
    rule: "§4.1.2.8: not used",
    edit: encoding((_, signed) => signed.inner.splice(FIELD.extensions, 0, value(0x82, 0, 1))),
    expected: "shape",
    openssl: "it is allowed in version 3, and used by nobody",
  },
  {
    what: "extensions before the key",
    rule: "§4.1",
    edit: encoding((_, signed) => {
      const [extensions] = signed.inner.splice(FIELD.extensions, 1);
      if (extensions !== undefined) signed.inner.splice(FIELD.key, 0, extensions);
    }),
    expected: "malformed",
  },
  {
    what: "a name in Teletex",
    rule: "§4.1.2.4: PrintableString or UTF8String",
    edit: encoding((fields) => {
      for (const { inner } of fieldOf(fields, FIELD.subject).inner) {
        const text = partOf(partOf({ tag: 0, content: new Uint8Array(), inner }, 0), 1);
        text.tag = 0x14;
      }
    }),
    expected: { leaf: "shape" },
    openssl: "it takes strings of all types",
  },
  {
    what: "an object identifier with a zero before a part",
    rule: "X.690 §8.19.2",
    edit: encoding((fields) => {
      const id = fieldOf(fields, FIELD.extensions, 0, 0, 0);
      id.content = Uint8Array.from([...id.content.subarray(0, -1), 0x80, id.content.at(-1) ?? 0]);
    }),
    expected: "malformed",
  },
  {
    what: "an extension's value as text",
    rule: "§4.1",
    edit: encoding((fields) => {
      const extension = fieldOf(fields, FIELD.extensions, 0, 0);
      extension.inner.splice(-1, 1, textValue(0x0c, "text"));
    }),
    expected: "malformed",
  },
];
