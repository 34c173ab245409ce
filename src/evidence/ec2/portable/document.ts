/**
 * Instance identity documents (AWS, "Instance identity documents for Amazon EC2
 * instances"): JSON, which has further members that nothing here is about.
 *
 * @module
 */

import { type JsonObject, readTree } from "../../../core/portable/json_tree.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { checkSize } from "../../../core/portable/refuse.ts";
import { utf8Of } from "../../../core/portable/values.ts";
import type { Ec2Identity } from "../report.ts";
import { refuseEc2 } from "./refuse.ts";

/** Largest document, bytes. AWS's have about 500. */
const MAX_BYTES = 16 * 1024;
const ACCOUNT = /^[0-9]{12}$/;

/** What a document says. */
export type IdentityDocument = Omit<Ec2Identity, "certificate">;

/**
 * Reads a document.
 *
 * @param bytes The document.
 * @throws {RejectedError} `ec2.document_malformed`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export function readDocument(bytes: Uint8Array): IdentityDocument {
  checkSize(bytes, "identity-document", MAX_BYTES);
  const { members } = readOr(
    () => readText(bytes),
    (reason) => refuseEc2("ec2.document_malformed", { reason }),
  );
  // The order decides which of several wrong members is named.
  return {
    accountId: readAccount(members),
    instanceId: readMember(members, "instanceId"),
    region: readMember(members, "region"),
    imageId: readMember(members, "imageId"),
    instanceType: readMember(members, "instanceType"),
    architecture: readMember(members, "architecture"),
    availabilityZone: readMember(members, "availabilityZone"),
    pendingTime: readMember(members, "pendingTime"),
    version: readMember(members, "version"),
  };
}

function readText(bytes: Uint8Array): JsonObject {
  const text = utf8Of(bytes);
  if (text === undefined) throw new Malformed("it is not UTF-8");
  return readTree(text);
}

function readMember(members: JsonObject["members"], member: string): string {
  const value = members.get(member);
  if (value?.kind === "string") return value.text;
  throw refuseEc2("ec2.document_malformed", { member, reason: "it is no text, or missing" });
}

function readAccount(members: JsonObject["members"]): string {
  const member = "accountId";
  const account = readMember(members, member);
  if (ACCOUNT.test(account)) return account;
  throw refuseEc2("ec2.document_malformed", { member, reason: "it does not have 12 digits" });
}
