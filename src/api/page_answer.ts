/**
 * The web page over HTTP, with the digest that tells whether it is the published one.
 *
 * @module
 */

import { toBase64, toHex } from "../core/bytes.ts";
import { plainHash } from "../core/labelled_hash.ts";
import type { PageFile } from "./parts.ts";

/** Answers with the page. */
export type PageAnswer = (request: Request) => Response;

/**
 * Makes what answers with a page.
 *
 * @param page The page.
 */
export function pageAnswer({ html, policy }: PageFile): PageAnswer {
  const digest = plainHash("sha256", html);
  const etag = `"${toHex(digest)}"`;
  const headers = {
    "etag": etag,
    // RFC 9530 §3: of the file itself, whatever a proxy makes of its encoding.
    "repr-digest": `sha-256=:${toBase64(digest)}:`,
    "cache-control": "no-cache",
    // A policy in the page itself cannot say who may frame it.
    "content-security-policy": `${policy.replace(/[; ]+$/, "")}; frame-ancestors 'none'`,
    "cross-origin-opener-policy": "same-origin",
  };
  return (request) => {
    const known = tagsOf(request.headers.get("if-none-match"));
    if (known.includes(etag) || known.includes("*")) {
      return new Response(null, { status: 304, headers });
    }
    const length = String(html.length);
    const type = "text/html; charset=utf-8";
    return new Response(new Uint8Array(html), {
      headers: { ...headers, "content-type": type, "content-length": length },
    });
  };
}

/** RFC 9110 §13.1.2 compares weakly: a proxy that compressed the page may have marked its tag so. */
function tagsOf(header: string | null): readonly string[] {
  return (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
}
