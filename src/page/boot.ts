/**
 * Starts the page: unpacks its script, which the policy of the page names by its
 * hash as it does this one, and leaves the module for when it is needed.
 *
 * @module
 */

import "./globals.ts";
import { unpack } from "./packing/unpack.ts";

const parts = document.getElementById("parts")?.textContent?.trim().split(/\s+/) ?? [];

/** Others have their turn, so that the page can be drawn meanwhile. */
const pause = (): Promise<void> => new Promise((done) => setTimeout(done));

const part = (number: number): Promise<Uint8Array<ArrayBuffer>> =>
  unpack(
    Uint8Array.from(atob(parts[number] ?? ""), (character) => character.charCodeAt(0)),
    pause,
  );

const asItIs = { createScript: (text: string): string => text };
const policy = globalThis.trustedTypes?.createPolicy("casemate-boot", asItIs) ?? asItIs;

const say = (text: string): void => {
  const rest = document.getElementById("rest");
  if (rest !== null) rest.textContent = text;
};

const page = document.getElementById("page");
globalThis.casematePart = part;
page?.setAttribute("aria-busy", "true");
say("The verifier is unpacked: a moment …");
pause().then(() => part(0)).then((bytes) => {
  const script = document.createElement("script");
  script.text = policy.createScript(new TextDecoder().decode(bytes));
  document.body.append(script);
}).catch((error: unknown) => {
  // A file that was cut, or a browser that is too old.
  page?.removeAttribute("aria-busy");
  say(`This page cannot start; get it again, or use the command line. ${error}`);
});
