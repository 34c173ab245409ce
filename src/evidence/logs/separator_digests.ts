/**
 * Hashes of the data of separators, as public facts.
 *
 * @module
 */

import type { Bank, LogEvent } from "./event_log.ts";

/** Hash of four bytes, by algorithm. */
type Digests = Readonly<Record<Bank, string>>;

/** Of 00000000: the firmware hands over (PFP §3.3.2.2). */
const ZEROS: Digests = {
  sha1: "9069ca78e7450a285173431b3e52c5c25299e473",
  sha256: "df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119",
  sha384:
    "394341b7182cd227c5c6b07ef8000cdfd86136c4292b8e576573ad7ed9ae41019f5818b4b971c9effc60e1ad9f1289f0",
  sha512:
    "ec2d57691d9b2d40182ac565032054b7d784ba96b18bcb5be0bb4e70e3fb041eff582c8af66ee50256539f2181d7f9e53627c0189da7e75a4d5ef10ea93b20b3",
};

/** Of FFFFFFFF: the same. */
const ONES: Digests = {
  sha1: "d9be6524a5f5047db5866813acf3277892a7a30a",
  sha256: "ad95131bc0b799c0b1af477fb14fcf26a6a9f76079e48bf090acb7e8367bfd0e",
  sha384:
    "4a06b879c7eedbe01c945d46b5bd785b59203dce81ea6a1206c28091ca285365f760d9167778f0dc1763d4854aafd40a",
  sha512:
    "ea71bb243b0b2db729b9eb88e3c55a3f490fbff23457825051224a1fe6e6d3f480590cfa3a4a6b12c622d6ac366feb03cd17004ed004cb3f0d52731626946679",
};

/** Of 01000000: the firmware failed; its data say how. */
const ERROR: Digests = {
  sha1: "3c585604e87f855973731fea83e21fab9392d2fc",
  sha256: "67abdd721024f0ff4e0b3f4c2fc13bc5bad42d0b7851d456d88d203d15aaa450",
  sha384:
    "7210af19145ec2a8e250a7fe8e9eeeac1301e524daab82366c36be614dc35402a289101e48cad61c45337f2f32c14fdc",
  sha512:
    "edf92e3d4f80fc47d948ea2f17b9bfc742d34e2e785a7a4927f3e261e8bd9d400b648bff2123b8396d24fb28f5869979e08d58b4b5d156e640344a2c0a54675d",
};

/** Banks that are looked at. */
const BANKS: readonly Bank[] = ["sha1", "sha256", "sha384", "sha512"];

/**
 * Whether an event was extended as a separator, whatever type it says it has.
 *
 * One bank is enough: digests of a bank that nobody quotes can be anything, and
 * must not hide a separator that stands in the quoted one.
 *
 * @param event The event.
 */
export function isHandOver(event: LogEvent): boolean {
  return hasDigest(event, ZEROS) || hasDigest(event, ONES);
}

/**
 * Whether an event was extended as a separator that tells of an error.
 *
 * @param event The event.
 */
export function isErrorForm(event: LogEvent): boolean {
  return hasDigest(event, ERROR);
}

function hasDigest({ digests }: LogEvent, of: Digests): boolean {
  return BANKS.some((bank) => digests[bank] === of[bank]);
}
