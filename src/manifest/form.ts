/**
 * The form of manifests (protocol §6). It describes itself as JSON Schema.
 *
 * @module
 */

import {
  boolean,
  DecodeError,
  type Decoder,
  integer,
  list,
  listOrNone,
  object,
  oneNumber,
  oneOf,
  orNull,
  required,
  text,
} from "../core/decode.ts";
import { technologies } from "../evidence/registry.ts";
import { ID, MOMENT, POSITIVE } from "../protocol/forms.ts";
import { MAX_REFERENCES } from "../protocol/limits.ts";
import type {
  Custodians,
  Manifest,
  ManifestImage,
  NodeGroup,
  StorageClass,
  Witness,
} from "../protocol/manifest.ts";

/** Most groups: each cloud's zones times a few shapes of machine. */
const MAX_GROUPS = 64;

/** Most nodes of a group; Kubernetes promises 5000 for a cluster. */
const MAX_NODES = 5000;

/** Most of what there are few of: storage classes, witnesses, custodians, lab roots. */
const MAX_FEW = 16;

/** Longest name of a group: a node is called by it, a hyphen and its number, and that is an id. */
const GROUP = text(
  "[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?",
  "a name of at most 50 characters out of a-z, 0-9 and hyphen, none at its ends",
);

/** Exactly so many bytes in lowercase hex: of two writings of one value only one can be signed. */
function bytes(count: number): Decoder<string> {
  return text(`[0-9a-f]{${2 * count}}`, `${count} bytes in lowercase hex`);
}

const DIGEST = bytes(32);
const MAYBE_DIGEST = text("(?:[0-9a-f]{64})?", "32 bytes in lowercase hex, or nothing");
const OWNER_KEY = text("[0-9a-f]{240}", "a key of P-384, SubjectPublicKeyInfo in lowercase hex");

/** Ids of variants: what evidence of nodes can be of. */
export const VARIANT: Decoder<string> = oneOf(
  ...technologies.filter(({ facts }) => facts !== undefined).map(({ id }): string => id),
);

const GROUP_FORM = object<NodeGroup>({
  name: required(GROUP, "Name; its nodes are called by it and a number"),
  role: required(oneOf("control-plane", "worker"), "What its nodes are"),
  variant: required(VARIANT, "Variant of their evidence"),
  min: required(integer(0, MAX_NODES), "Fewest nodes"),
  max: required(integer(1, MAX_NODES), "Most nodes"),
  account: required(
    text("[A-Za-z0-9.:_-]{0,200}", "an account of the provider, or nothing"),
    "Account at the provider that evidence must name; empty where the variant names none",
  ),
});

const IMAGE_FORM = object<ManifestImage>({
  variant: required(VARIANT, "Variant"),
  version: required(
    text("[0-9A-Za-z][0-9A-Za-z.+_-]{0,62}", "a version as 1.4.0"),
    "Version, as the release calls it",
  ),
  reference: required(DIGEST, "SHA-256 of what was signed as reference values of it"),
});

const STORAGE_FORM = object<StorageClass>({
  name: required(ID, "Name"),
  disk: required(
    text("[A-Za-z0-9._-]{1,63}", "a kind of disk as the provider calls it"),
    "Provider's kind of disk",
  ),
  fileSystem: required(oneOf("ext4", "xfs"), "File system"),
  integrity: required(boolean(), "Whether each sector is authenticated"),
});

const WITNESS_FORM = object<Witness>({
  // C2SP signed-note: no blanks, no plus.
  name: required(text("[!-*,-~]{1,200}", "a name without blanks"), "Name in signatures"),
  key: required(DIGEST, "Key of Ed25519"),
});

const CUSTODIANS_FORM = object<Custodians>({
  threshold: required(integer(1, MAX_FEW), "How many must sign"),
  keys: required(list(OWNER_KEY, MAX_FEW), "Their keys"),
});

/** Any object; what it says is read as a policy. */
const POLICY: Decoder<Readonly<Record<string, unknown>>> = {
  schema: { type: "object", required: ["version", "admitVariants"] },
  decode(value, path) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return Object.fromEntries(Object.entries(value));
    }
    throw new DecodeError(path, "value", "expected an object in the form of a policy file");
  },
};

/** Form of manifests; that its members go together, and the canonical form, are beyond it. */
export const MANIFEST_FORM: Decoder<Manifest> = object<Manifest>({
  v: required(oneNumber(1), "Version of the form"),
  clusterId: required(DIGEST, "Id of the cluster"),
  sequence: required(POSITIVE, "Number in the chain"),
  issued: required(MOMENT, "When it was signed"),
  notAfter: required(MOMENT, "Until when it counts"),
  previous: required(MAYBE_DIGEST, "SHA-256 of the manifest before; empty in the first"),
  owner: required(OWNER_KEY, "The owner's key"),
  random: required(DIGEST, "Random bytes of the cluster"),
  labRoots: required(
    orNull(list(DIGEST, MAX_FEW)),
    "SHA-256 of the lab's roots; null of real clusters",
  ),
  images: required(list(IMAGE_FORM, MAX_REFERENCES), "Images by variant"),
  policy: required(POLICY, "Verification policy of members, as a policy file"),
  kubernetes: required(
    text("1\\.[0-9]{1,3}\\.[0-9]{1,3}", "a version as 1.34.2"),
    "Version of Kubernetes",
  ),
  groups: required(list(GROUP_FORM, MAX_GROUPS), "Node groups"),
  network: required(oneOf("wireguard-strict"), "How nodes' traffic is encrypted"),
  storageClasses: required(listOrNone(STORAGE_FORM, MAX_FEW), "Classes of storage"),
  workloadPolicy: required(MAYBE_DIGEST, "SHA-256 of the workload policy; empty without"),
  witnesses: required(listOrNone(WITNESS_FORM, MAX_FEW), "Log witnesses"),
  cosigningKey: required(MAYBE_DIGEST, "Ed25519 key that cosigns log heads; empty without"),
  custodians: required(orNull(CUSTODIANS_FORM), "Who may replace the owner's key; null for nobody"),
});
