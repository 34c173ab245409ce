/**
 * What a policy can demand of an instance: keys that variants with a certified
 * key have in their sections.
 *
 * @module
 */

import { type Key, list, oneOf, optional, text } from "../../core/decode.ts";
import { fixes, ladder, pins } from "../../core/direction.ts";

/** What an appraisal demands of the instance. Null stands for "not pinned". */
export interface InstancePolicy {
  /** Id or number of the project that it must be of. */
  readonly project: string | null;
  /** Zones that it may be in. */
  readonly zones: readonly string[] | null;
  /** Names or numbers of instances that it may be. */
  readonly instances: readonly string[] | null;
  /** Whether it must be of the provider's production environment. */
  readonly production: "require" | "any";
}

/** Most zones; Google has fewer than 200. */
const MAX_ZONES = 256;
/** Most instances; a fleet of 500 machines fits four times. */
const MAX_INSTANCES = 2048;

/** Ids of projects have a domain in front where they are an organisation's: `example.com:my-project`. */
const PROJECT = text(
  "(?:[a-z0-9.-]{1,200}:)?[a-z][a-z0-9-]{0,62}|[1-9][0-9]{0,18}",
  "a project's id as my-project, or its number",
);
const ZONE = text("[a-z]+(?:-[a-z0-9]+)+", "a zone as europe-west4-b");
const INSTANCE = text(
  "[a-z][a-z0-9-]{0,62}|[1-9][0-9]{0,18}",
  "an instance's name as node-1, or its number",
);

/** The keys. */
export const INSTANCE_KEYS: { readonly [K in keyof InstancePolicy]: Key<InstancePolicy[K]> } = {
  project: optional(
    PROJECT,
    null,
    "Project that the instance must be of, id or number; nothing is trusted without it, since anybody can start the same image in another",
    fixes(),
  ),
  zones: optional(list(ZONE, MAX_ZONES), null, "Zones that the instance may be in", pins()),
  instances: optional(
    list(INSTANCE, MAX_INSTANCES),
    null,
    "Instances that it may be, by name or number; a name can be given again to another, a number cannot",
    pins(),
  ),
  production: optional(
    oneOf("require", "any"),
    "require",
    "Whether the certificate must say that it is of the provider's production environment",
    ladder({
      require: null,
      any: "keys of Google's test environments are believed, for which nobody promises anything",
    }),
  ),
};
