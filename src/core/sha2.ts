/**
 * SHA-2, at once and not by promise, as what binds statements needs it. The web
 * page has a smaller one in its place.
 *
 * @module
 */

export { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
