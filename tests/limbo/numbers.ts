/**
 * Serial numbers (RFC 5280 §4.1.2.2) and times (§4.1.2.5).
 *
 * @module
 */

import { addYears } from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import { type Edit, encoding, FIELD, fieldOf, fill, type LimboCase, saying } from "./case.ts";

const serial = (...octets: readonly number[]): Edit =>
  encoding((fields) => fill(fieldOf(fields, FIELD.serial), ...octets));

const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 0x7f);

const UTC = 0x17;
const GENERALIZED = 0x18;

/** Another time in the place of one. */
const time = (bound: "notBefore" | "notAfter", tag: number, text: string): Edit =>
  encoding((fields) => {
    const node = fieldOf(fields, FIELD.validity, bound === "notBefore" ? 0 : 1);
    node.tag = tag;
    node.content = new TextEncoder().encode(text);
  });

const LENIENT = "OpenSSL holds no serial number against a certificate";

/** Cases of serial numbers. */
export const SERIALS: readonly LimboCase[] = [
  {
    what: "serial number of zero",
    rule:
      "§4.1.2.2 demands a positive one of issuers and graceful handling of users; AMD's leaves have it",
    edit: serial(0),
    expected: "accepted",
  },
  {
    what: "serial number of 20 octets",
    rule: "§4.1.2.2",
    edit: serial(...ones(20)),
    expected: "accepted",
  },
  {
    what: "serial number of 20 octets and a sign",
    rule: "§4.1.2.2: Intel's are digests of 20 octets",
    edit: serial(0, 0xff, ...ones(19)),
    expected: "accepted",
  },
  {
    what: "serial number of 22 octets",
    rule: "§4.1.2.2",
    edit: serial(...ones(22)),
    expected: "malformed",
    openssl: LENIENT,
  },
  {
    what: "negative serial number",
    rule: "§4.1.2.2",
    edit: serial(0x80),
    expected: "malformed",
    openssl: LENIENT,
  },
  {
    what: "serial number of -1",
    rule: "§4.1.2.2",
    edit: serial(0xff),
    expected: "malformed",
    openssl: LENIENT,
  },
  {
    what: "serial number with a zero before it",
    rule: "X.690 §8.3.2",
    edit: serial(0, 5),
    expected: "malformed",
  },
  {
    what: "serial number of no octets",
    rule: "X.690 §8.3.1",
    edit: serial(),
    expected: "malformed",
  },
];

const second = 1000;

/** Cases of times. */
export const TIMES: readonly LimboCase[] = [
  {
    what: "expired by a second",
    rule: "§6.1.3 a 2",
    edit: saying(() => ({
      notBefore: addYears(NOW, -1),
      notAfter: new Date(NOW.getTime() - second),
    })),
    expected: "expired",
  },
  {
    what: "not valid for another second",
    rule: "§6.1.3 a 2",
    edit: saying(() => ({ notBefore: new Date(NOW.getTime() + second) })),
    expected: "not yet valid",
  },
  {
    what: "from now to now",
    rule: "§4.1.2.5: both bounds inclusive",
    edit: saying(() => ({ notBefore: NOW, notAfter: NOW })),
    expected: "accepted",
    openssl: "it counts the last second out",
  },
  {
    what: "ends before it starts, both past",
    rule: "§6.1.3 a 2",
    edit: saying(() => ({ notBefore: addYears(NOW, -1), notAfter: addYears(NOW, -2) })),
    expected: "expired",
  },
  {
    what: "without end",
    rule: "§4.1.2.5: 99991231235959Z",
    edit: time("notAfter", GENERALIZED, "99991231235959Z"),
    expected: "accepted",
  },
  {
    what: "through 2049 as UTCTime",
    rule: "§4.1.2.5",
    edit: time("notAfter", UTC, "491231235959Z"),
    expected: "accepted",
  },
  {
    what: "from 2050 as GeneralizedTime",
    rule: "§4.1.2.5",
    edit: time("notAfter", GENERALIZED, "20500101000000Z"),
    expected: "accepted",
  },
  {
    what: "UTCTime of 50, which is 1950",
    rule: "§4.1.2.5.1; nothing was attested before 1970",
    edit: time("notAfter", UTC, "500101000000Z"),
    expected: "malformed",
  },
  {
    what: "through 2049 as GeneralizedTime",
    rule: "§4.1.2.5: must be UTCTime",
    edit: time("notAfter", GENERALIZED, "20491231235959Z"),
    expected: "malformed",
    openssl: "it takes either type without -x509_strict",
  },
  {
    what: "a start as GeneralizedTime",
    rule: "§4.1.2.5: must be UTCTime",
    edit: time("notBefore", GENERALIZED, "20260101000000Z"),
    expected: "malformed",
    openssl: "it takes either type without -x509_strict",
  },
  {
    what: "UTCTime without seconds",
    rule: "§4.1.2.5.1",
    edit: time("notAfter", UTC, "4912312359Z"),
    expected: "malformed",
  },
  {
    what: "UTCTime in another zone",
    rule: "§4.1.2.5.1: Zulu",
    edit: time("notAfter", UTC, "491231235959+0000"),
    expected: "malformed",
  },
  {
    what: "UTCTime without a zone",
    rule: "§4.1.2.5.1: Zulu",
    edit: time("notAfter", UTC, "491231235959"),
    expected: "malformed",
  },
  {
    what: "GeneralizedTime with a fraction",
    rule: "§4.1.2.5.2",
    edit: time("notAfter", GENERALIZED, "20601231235959.5Z"),
    expected: "malformed",
  },
  {
    what: "30 February",
    rule: "X.680 §46",
    edit: time("notAfter", UTC, "490230000000Z"),
    expected: "malformed",
  },
  {
    what: "month 13",
    rule: "X.680 §46",
    edit: time("notAfter", UTC, "491301000000Z"),
    expected: "malformed",
  },
  {
    what: "24 o'clock",
    rule: "X.680 §46",
    edit: time("notAfter", UTC, "491231240000Z"),
    expected: "malformed",
  },
  {
    what: "no time at all",
    rule: "§4.1.2.5",
    edit: time("notAfter", UTC, ""),
    expected: "malformed",
  },
  {
    what: "a time as text",
    rule: "§4.1.2.5",
    edit: time("notAfter", 0x0c, "491231235959Z"),
    expected: "malformed",
  },
];
