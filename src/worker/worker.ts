/**
 * The service of verification as a Cloudflare Worker.
 *
 * Its entry gives it the compiled module, since Workers compile none from bytes:
 *
 * ```js ignore
 * import module from "./casemate_core_bg.wasm";
 * import policies from "./policies.json";
 * import page from "./verify.html";
 * import { createWorker, NonceLedger } from "./worker.js";
 *
 * export { NonceLedger };
 * export default createWorker({ module, policies, page, version: "1.0.0" });
 * ```
 *
 * @module
 */

import { problemAnswer } from "../api/answer.ts";
import { guard } from "../api/guard.ts";
import { serviceProblem } from "../api/problem.ts";
import { createService } from "../api/service.ts";
import { InputError } from "../core/errors.ts";
import { workersClock } from "../hosts/workers.ts";
import type { WorkerContext, WorkerEnv } from "./bindings.ts";
import { drain } from "./drain.ts";
import { MISCONFIGURED } from "./misconfigured.ts";
import { type Built, serviceParts } from "./parts.ts";

export { NonceLedger } from "./nonce_ledger.ts";
export type { WorkerContext, WorkerEnv } from "./bindings.ts";
export type { Built } from "./parts.ts";

/** A module Worker. */
export interface Worker {
  /**
   * Answers a request.
   *
   * @param request The request.
   * @param env Variables, secrets and bindings.
   * @param context What the request comes with.
   */
  fetch(request: Request, env: WorkerEnv, context: WorkerContext): Promise<Response>;
}

type Service = (request: Request) => Promise<Response>;

/**
 * Makes the Worker.
 *
 * Where it is not set up as it must be, each request is answered with 500
 * `api.misconfigured`, and the reason is in the logs alone: it never does
 * less than it was asked to in silence.
 *
 * @param built What was built into it.
 */
export function createWorker(built: Built): Worker {
  const services = new WeakMap<WorkerEnv, Service>();
  const serviceFor = async (env: WorkerEnv): Promise<Service> => {
    const known = services.get(env);
    if (known !== undefined) return known;
    const made = createService(await serviceParts(built, env));
    // Of requests that came together the first to be here made it for all.
    const service = services.get(env) ?? made;
    services.set(env, service);
    return service;
  };
  return {
    async fetch(request, env, context) {
      const answer = answered(request, () => serviceFor(env));
      // What it holds is given back also where the client has left.
      context.waitUntil(answer.then(nothing, nothing));
      return await answer;
    },
  };
}

/** Failures are told to who waits for the answer itself. */
function nothing(): void {}

async function answered(request: Request, service: () => Promise<Service>): Promise<Response> {
  let answer: Service;
  try {
    answer = await service();
  } catch (error) {
    return unusable(request, error);
  }
  const response = await answer(request);
  await drain(request);
  return response;
}

/** Whoever asks learns that it is set up wrongly; how, whoever runs it. */
function unusable(request: Request, error: unknown): Response {
  if (!(error instanceof InputError)) throw error;
  console.error(JSON.stringify({ code: MISCONFIGURED, reason: error.message }));
  const wrong = new InputError("Cannot answer: the service is not set up as it must be", {
    code: MISCONFIGURED,
  });
  const { body, headers } = serviceProblem(wrong, workersClock.now());
  // Who asks whether it is ready, as a load balancer, is told so.
  const status = new URL(request.url).pathname === "/readyz" ? 503 : body.status;
  const answer = problemAnswer({ body: { ...body, status }, headers });
  return guard(answer, { origin: null, route: null }, []);
}
