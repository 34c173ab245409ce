/**
 * What AWS says of an instance in its identity document, as the engine reads it.
 *
 * Source: AWS, "Instance identity documents for Amazon EC2 instances".
 *
 * @module
 */

import type { CertificateSummary } from "../../core/x509.ts";

/** An instance identity document whose signature was verified. It answers no question: whoever has read it once has it. */
export interface Ec2Identity {
  /** Account, 12 digits. */
  readonly accountId: string;
  /** Instance, as `i-0123456789abcdef0`. */
  readonly instanceId: string;
  /** Region. */
  readonly region: string;
  /** Availability zone. */
  readonly availabilityZone: string;
  /** Image. */
  readonly imageId: string;
  /** Instance type. */
  readonly instanceType: string;
  /** Architecture. */
  readonly architecture: string;
  /** When it was started, as AWS writes it. */
  readonly pendingTime: string;
  /** Version of the document. */
  readonly version: string;
  /** Certificate of the region, under which it was signed. */
  readonly certificate: CertificateSummary;
}

/** An instance whose identity document was verified. */
export interface VerifiedInstance extends Ec2Identity {
  /** Whether the region's certificate is a lab's. */
  readonly lab: boolean;
}
