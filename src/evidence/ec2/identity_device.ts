/**
 * The identity document of an EC2 instance, from its metadata service (IMDSv2).
 *
 * @module
 */

import type { NodeDevices } from "../device/devices.ts";
import { askMetadata } from "../device/metadata.ts";
import type { FilesByRole } from "../files_by_role.ts";

/** Paths of the service (AWS, "Use the Instance Metadata Service"). */
const PATHS = {
  token: "/latest/api/token",
  document: "/latest/dynamic/instance-identity/document",
  signature: "/latest/dynamic/instance-identity/rsa2048",
} as const;

/** How long the token serves, seconds. */
const TOKEN_SECONDS = "60";

/**
 * Document and signature by role; nothing where the service may not be asked.
 *
 * @param devices What the node has.
 * @param variant What it is for.
 * @throws {UnavailableError} `device.metadata_*`
 */
export async function identityOf(
  devices: Pick<NodeDevices, "metadata">,
  variant: string,
): Promise<FilesByRole> {
  if (devices.metadata === null) return {};
  const token = new TextDecoder().decode(
    await askMetadata(devices, variant, {
      path: PATHS.token,
      method: "PUT",
      headers: { "X-aws-ec2-metadata-token-ttl-seconds": TOKEN_SECONDS },
    }),
  );
  const headers = { "X-aws-ec2-metadata-token": token };
  return {
    identityDocument: await askMetadata(devices, variant, { path: PATHS.document, headers }),
    identitySignature: await askMetadata(devices, variant, { path: PATHS.signature, headers }),
  };
}
