/**
 * How a control plane reaches the cluster's state; it travels sealed alone.
 *
 * @module
 */

import { list, object, required, text } from "../core/decode.ts";

/** Access to an etcd with TLS and authentication. */
export interface StoreAccess {
  /** Addresses of its members. */
  readonly endpoints: readonly string[];
  /** Certificates that its own are under, PEM. */
  readonly authorities: string;
  /** The client's certificate, PEM. */
  readonly certificate: string;
  /** Its private key, PKCS #8, PEM. */
  readonly key: string;
  /** User of etcd. */
  readonly user: string;
  /** Password of that user. */
  readonly password: string;
}

const PEM = text("[A-Za-z0-9+/=\\n -]{1,16384}", "PEM");

/** Form of it. */
export const STORE_ACCESS = object<StoreAccess>({
  endpoints: required(
    list(text("https://[a-z0-9.\\[\\]:-]{1,250}", "an address of https"), 16),
    "Addresses of etcd",
  ),
  authorities: required(PEM, "Certificates that etcd's are under"),
  certificate: required(PEM, "Certificate of the client"),
  key: required(PEM, "Private key of the client"),
  user: required(text("[a-z0-9-]{1,63}", "a name of a user"), "User of etcd"),
  password: required(text("[0-9a-f]{64}", "32 bytes in lowercase hex"), "Password of that user"),
});
