/**
 * Identity documents of instances as a person sees them. What is shown is not verified, what is told is.
 *
 * @module
 */

import type { Shown, ShownSection } from "../../core/shown.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import type { VerifiedInstance } from "./report.ts";

/** Largest document that the engine takes. */
const MAX_BYTES = 16 * 1024;

/** Members that every identity document has, by which it is known. */
const KNOWN_BY: readonly string[] = ["accountId", "instanceId", "region", "pendingTime"];

/**
 * Says what a file is, if it is the identity document of an instance.
 *
 * @param bytes The file.
 */
export function showIdentity(bytes: Uint8Array): Shown | null {
  const members = membersOf(bytes);
  if (!KNOWN_BY.every((name) => members.some(([known]) => known === name))) return null;
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

function membersOf(bytes: Uint8Array): readonly (readonly [string, unknown])[] {
  // Anything that is no object in braces is somebody else's, and not read.
  if (bytes.length > MAX_BYTES || bytes[0] !== 0x7b) return [];
  try {
    return Object.entries(Object(parseStrictJson(bytes)));
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
