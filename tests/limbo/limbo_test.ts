/**
 * Certificates, chains and revocation lists in the manner of x509-limbo, minted
 * in code, through both engines and OpenSSL.
 *
 * `deno task limbo` tries all and asks OpenSSL about all.
 *
 * One entry for all topics, so that the lab's keys are made once.
 *
 * @module
 */

import "./certificates.ts";
import "./chains.ts";
import "./lists.ts";
