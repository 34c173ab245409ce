/**
 * What the first control plane makes and is sent, and the store never has: the
 * epoch's root and the private keys of the cluster. They stay on this node.
 *
 * @module
 */

import { object, oneNumber, required } from "../../core/decode.ts";
import { InputError } from "../../core/errors.ts";
import type { StateFiles } from "../../core/node_ports.ts";
import { generateSigningKey } from "../../core/signing_key.ts";
import type { Random } from "../../core/ports.ts";
import { makeNodeAuthority } from "../../channel/node_certificates.ts";
import { CERTIFICATE, DIGEST } from "../../protocol/forms.ts";
import { type ControlPlaneGrant, GRANT } from "../../protocol/join.ts";
import { type Message, readMessage, writeMessage } from "../../protocol/message.ts";
import { keysLost } from "./refuse.ts";

/** Keys of a cluster that are made and not derived (protocol §7). */
export interface ClusterKeys {
  /** Certificate of the authority for nodes, DER. */
  readonly nodeAuthority: Uint8Array;
  /** Its private key, PKCS #8: P-384. */
  readonly nodeAuthorityKey: Uint8Array;
  /** Private key that signs log heads, PKCS #8: Ed25519. */
  readonly logKey: Uint8Array;
}

/** What the first control plane keeps. */
export interface InitSecrets {
  /** Version of the form. */
  readonly v: 1;
  /** SHA-256 of the newest manifest of the request, hex. */
  readonly manifestDigest: string;
  /** Certificate of the authority for nodes, DER. */
  readonly nodeAuthority: Uint8Array;
  /** What it gives further control planes. */
  readonly grant: ControlPlaneGrant;
}

const NAME = "init.secret";

const FORM: Message<InitSecrets> = {
  name: "secrets of the initialisation",
  form: object<InitSecrets>({
    v: required(oneNumber(1), "Version of the form"),
    manifestDigest: required(DIGEST, "SHA-256 of the manifest"),
    nodeAuthority: required(CERTIFICATE, "Certificate of the authority for nodes"),
    grant: required(GRANT, "What control planes are given"),
  }),
};

/**
 * Makes the keys of a cluster.
 *
 * @param options Cluster, whether it is a lab's, the moment and randomness.
 */
export async function makeClusterKeys(options: {
  readonly clusterId: string;
  readonly lab: boolean;
  readonly now: Date;
  readonly random: Random;
}): Promise<ClusterKeys> {
  const authority = await makeNodeAuthority(options);
  const log = await generateSigningKey("Ed25519");
  return {
    nodeAuthority: authority.certificate,
    nodeAuthorityKey: authority.key,
    logKey: log.pkcs8,
  };
}

/**
 * Reads what is kept; null before.
 *
 * @param files Files of this node.
 * @throws {OperationError} `init.lost` where the file is damaged.
 */
export async function readInitSecrets(files: StateFiles): Promise<InitSecrets | null> {
  const bytes = await files.read(NAME);
  if (bytes === null) return null;
  try {
    return readMessage(FORM, bytes);
  } catch (cause) {
    // What stands in the file is secret, and what a reader says of it may quote it.
    if (cause instanceof InputError) throw keysLost();
    throw cause;
  }
}

/**
 * Keeps secrets.
 *
 * @param files Files of this node.
 * @param secrets The secrets.
 */
export async function writeInitSecrets(files: StateFiles, secrets: InitSecrets): Promise<void> {
  await files.write(NAME, writeMessage(FORM, secrets));
}
