/**
 * Identity documents of instances as a person sees them. What is shown is not verified, what is told is.
 *
 * @module
 */

import type { Shown, ShownSection } from "../../core/shown.ts";
import { identityMembers } from "./looks.ts";
import type { VerifiedInstance } from "./report.ts";

/**
 * Says what a file is, if it is the identity document of an instance.
 *
 * @param bytes The file.
 */
export function showIdentity(bytes: Uint8Array): Shown | null {
  const members = identityMembers(bytes);
  if (members === null) return null;
  return {
    kind: "ec2-identity",
    title: "Identity document of an EC2 instance (not verified)",
    usedBy: "casemate evidence verify aws-nitro-tpm --identity-document",
    sections: [{
      title: "Instance, by its own word",
      rows: members.map(([name, value]) => ({ name, value: textOf(value) })),
    }],
  };
}

/**
 * The instance of a verified identity document.
 *
 * @param instance What it says; null where none was verified.
 */
export function tellInstance(instance: VerifiedInstance | null): readonly ShownSection[] {
  if (instance === null) return [];
  const { accountId, instanceId, region, imageId, instanceType } = instance;
  const members = Object.entries({ accountId, instanceId, region, imageId, instanceType });
  return [{
    title: "Instance, by its identity document",
    rows: members.map(([name, value]) => ({ name, value })),
  }];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
