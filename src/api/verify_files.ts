/**
 * The files of a request: roots of the service, and what vendors hand out.
 *
 * @module
 */

import { isBytes } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import type { AnyTechnology, FilesByRole } from "../evidence/evidence.ts";
import { technologies } from "../evidence/registry.ts";
import { completeFiles } from "../verifier/complete.ts";
import type { Request } from "../verifier/request.ts";
import type { RegisteredPolicy, ServiceParts } from "./parts.ts";
import { believedRoles } from "./registered.ts";

/**
 * Refuses roots of a client under a registered policy: with its own it would have anything signed.
 *
 * @param request The request.
 * @param registered The policy; null where it was given along.
 * @throws {InputError} `api.believed`
 */
export function refuseBelieved(request: Request, registered: RegisteredPolicy | null): void {
  const technology = technologyOf(request);
  if (registered === null || technology === undefined) return;
  const files = filesOf(request);
  const brought = believedRoles(technology).find((role) => files[role] !== undefined);
  if (brought === undefined) return;
  throw new InputError(
    `Cannot verify: ${brought} is believed as it is, and the service says which`,
    { code: "api.believed", fields: { field: `evidence.${brought}` } },
  );
}

/**
 * Adds the roots that the service believes. One beside no certificate would be
 * refused as superfluous: each is only there where there is use for it.
 *
 * @param request The request, complete.
 * @param registered The policy; null where it was given along.
 */
export function withBelieved(request: Request, registered: RegisteredPolicy | null): Request {
  const technology = technologyOf(request);
  if (technology === undefined) return request;
  const roles = believedRoles(technology);
  let files = filesOf(request);
  for (const [role, file] of Object.entries(registered?.believed ?? {})) {
    const more = inLists(technology, { ...files, [role]: file });
    if (roles.includes(role) && (isTaken(technology, more) || !isTaken(technology, files))) {
      files = more;
    }
  }
  return withFiles(request, files);
}

function isTaken({ readFiles }: AnyTechnology, files: FilesByRole): boolean {
  try {
    readFiles(files);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function technologyOf({ variant }: Request): AnyTechnology | undefined {
  const all: readonly AnyTechnology[] = technologies;
  return all.find(({ id }) => id === variant);
}

function filesOf({ evidence }: Request): FilesByRole {
  return Object.fromEntries(Object.entries(evidence));
}

function withFiles(request: Request, evidence: FilesByRole): Request {
  // As before: which files there are is read strictly by the library.
  return { ...request, evidence } as Request;
}

/**
 * Completes evidence with what the service has of vendors, or can get. What is no
 * evidence of the technology is left as it came, for the library to refuse.
 *
 * @param request The request.
 * @param parts The service.
 * @throws {UnavailableError} `collateral.*` where nothing can be verified without what is not to be had.
 */
export async function completed(request: Request, parts: ServiceParts): Promise<Request> {
  const technology = technologyOf(request);
  if (technology === undefined) return request;
  const evidence = inLists(technology, filesOf(request));
  const { collateral, engine, labRoots } = parts;
  if (collateral === null || !isKnown(technology, evidence)) return withFiles(request, evidence);
  const terms = { engine, labRoots, now: request.now };
  const { files, used } = await completeFiles(technology, evidence, collateral, terms);
  return { ...withFiles(request, files), collateral: used };
}

/** One file where several may stand is a list of one. */
function inLists({ files }: AnyTechnology, evidence: FilesByRole): FilesByRole {
  const several = files.filter(({ multiple }) => multiple).map(({ role }) => role);
  return Object.fromEntries(
    Object.entries(evidence).map(([role, file]) => [
      role,
      several.includes(role) && isBytes(file) ? [file] : file,
    ]),
  );
}

function isKnown({ files }: AnyTechnology, evidence: FilesByRole): boolean {
  return Object.entries(evidence).every(([role, file]) => {
    const input = files.find((one) => one.role === role);
    return input !== undefined && (input.multiple || isBytes(file));
  });
}
