/**
 * What honest clients ask.
 *
 * @module
 */

import { fromHex, toHex } from "../../../src/core/bytes.ts";
import type { ServiceLab } from "../../api/lab.ts";
import { type Answer, Client, type Question } from "../client.ts";
import type { Exchange } from "./press.ts";

/**
 * A verification under the registered policy, with evidence for a nonce of the client's own.
 *
 * @param lab How the service is set up.
 */
export async function verification(
  lab: ServiceLab,
): Promise<Exchange & { readonly one: Question }> {
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  const { envelope } = await lab.mint(nonce);
  const body = bodyOf(lab, envelope, { nonce: toHex(nonce) });
  const one = { method: "POST", path: "/v1/verify", body };
  return { one, question: () => one, fault: faultOf };
}

/**
 * As above, each with a nonce of the service and evidence made for it.
 *
 * @param lab How the service is set up.
 * @param url Where it is.
 */
export function exchangeOf(lab: ServiceLab, url: string): Exchange {
  return { question: () => answeringQuestion(lab, url), fault: faultOf };
}

/**
 * A request that answers a fresh nonce of the service.
 *
 * @param lab How the service is set up.
 * @param url Where it is.
 */
export async function answeringQuestion(lab: ServiceLab, url: string): Promise<Question> {
  const client = new Client(url);
  const { body } = await client.ask({ method: "POST", path: "/v1/challenge" });
  client.end();
  const issued: { readonly nonce: string; readonly cookie: string } = JSON.parse(body);
  const { nonce, cookie } = issued;
  const { envelope } = await lab.mint(fromHex(nonce));
  const asked = bodyOf(lab, envelope, { challenge: { nonce, cookie } });
  return { method: "POST", path: "/v1/verify", body: asked };
}

function bodyOf({ digest }: ServiceLab, envelope: Uint8Array, question: object): string {
  const parsed: unknown = JSON.parse(new TextDecoder().decode(envelope));
  return JSON.stringify({ envelope: parsed, ...question, policy: { digest } });
}

/**
 * What is wrong with an answer to a verification; null where nothing is.
 *
 * @param answer The answer.
 */
export function faultOf({ status, body }: Answer): string | null {
  return status === 200 && JSON.parse(body).verdict === "lab-trusted"
    ? null
    : `${status} ${body.slice(0, 300)}`;
}
