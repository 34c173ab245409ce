/**
 * What a certificate of a key on Google Compute Engine says of the instance: an
 * extension of Google's own, in the form of real certificates.
 *
 * @module
 */

import {
  boolean,
  type Der,
  explicit,
  integer,
  sequence,
  utf8String,
} from "../../core/x509_writer/der.ts";
import type { Extension } from "../extension.ts";

/** Identifier of the extension. */
export const GCE_INSTANCE_OID = "1.3.6.1.4.1.11129.2.1.21";

/** An instance. */
export interface LabInstance {
  /** Zone. */
  readonly zone: string;
  /** Number of the project. */
  readonly projectNumber: bigint;
  /** Id of the project. */
  readonly projectId: string;
  /** Id of the instance. */
  readonly instanceId: bigint;
  /** Name of the instance. */
  readonly instanceName: string;
  /** Whether it is of the production environment; null says nothing of the environment. */
  readonly production: boolean | null;
}

/** An instance that nobody has. */
export const LAB_INSTANCE: LabInstance = {
  zone: "europe-west4-b",
  projectNumber: 123_456_789_012n,
  projectId: "casemate-lab",
  instanceId: 4_611_686_018_427_387_904n,
  instanceName: "control-plane-0",
  production: true,
};

/** Security version of the environment, in certificates that state it. */
const SECURITY_VERSION = 0;

/**
 * The extension.
 *
 * @param instance What it says.
 */
export function gceInstanceExtension(instance: LabInstance): Extension {
  return { oid: GCE_INSTANCE_OID, critical: false, value: writeInstance(instance) };
}

function writeInstance(instance: LabInstance): Der {
  const { zone, projectNumber, projectId, instanceId, instanceName, production } = instance;
  const security = production === null ? [] : [
    explicit(
      0,
      sequence(
        explicit(0, integer(SECURITY_VERSION)),
        explicit(1, boolean(production)),
        // What real ones have besides; nobody outside of Google knows what it means.
        explicit(2, integer(0)),
        explicit(3, boolean(false)),
      ),
    ),
  ];
  return sequence(
    utf8String(zone),
    integer(projectNumber),
    utf8String(projectId),
    integer(instanceId),
    utf8String(instanceName),
    ...security,
  );
}
