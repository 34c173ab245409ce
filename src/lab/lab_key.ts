/**
 * Keys of the lab. They protect nothing, so they are always exportable.
 *
 * @module
 */

export {
  generateKeyPair as generateLabKey,
  KEY_PAIR_KINDS as LAB_KEY_KINDS,
  type KeyPair as LabKey,
  type KeyPairKind as LabKeyKind,
  readKeyPair as readLabKey,
  signBytes,
  type SigningMethod,
} from "../core/x509_writer/key_pair.ts";
