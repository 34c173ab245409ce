/**
 * What a case of the suite is, and what it is run against.
 *
 * @module
 */

import type { ServiceLab } from "./lab.ts";

/** A service, and how it was set up. */
export interface ServiceUnderTest {
  /**
   * Asks it.
   *
   * @param path Path with query.
   * @param init As of `fetch`.
   */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** What it was set up with. */
  readonly lab: ServiceLab;
  /** Whether it remembers which nonces were used. */
  readonly remembers: boolean;
  /** Its time. */
  now(): Date;
}

/** One thing that a service must do. */
export interface ServiceCase {
  /** What. */
  readonly name: string;
  /**
   * Fails where the service does not.
   *
   * @param service The service.
   */
  run(service: ServiceUnderTest): Promise<void>;
}
