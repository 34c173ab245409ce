/**
 * The page: takes evidence, verifies it here, draws what came of it.
 *
 * @module
 */

import { canonicalJson } from "../core/canonical_json.ts";
import { writeBundle } from "../audit/bundle.ts";
import { plainOf } from "../audit/plain.ts";
import { SignedReference } from "../policy/reference/signed.ts";
import { type NamedFile, sortHeap } from "../recognise/mod.ts";
import { drawAsk, fillAsk, readAsk, reflectAsk, STRICT } from "./ask.ts";
import { AUDIT_NAME, labRootsOf, PASTED } from "./commands.ts";
import { addCopying, copyBefore } from "./copying.ts";
import { byId, download, keepFocus, put } from "./dom.ts";
import { engine, started } from "./engine.ts";
import { drawFiles } from "./files_view.ts";
import { drawFrame } from "./frame.ts";
import { listen } from "./intake.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { drawOutcome, statusOf } from "./outcome_view.ts";
import { drawNotices } from "./notices.ts";
import { ownHash } from "./own_hash.ts";
import { readSample } from "./sample.ts";
import { chosenOf, keyOf, NOTHING, type State, type Terms } from "./state.ts";
import { PAGE_STYLE } from "./style.ts";

/** Waits that long after a key is pressed, ms. */
const PAUSE = 250;

class Page {
  readonly #version: string;
  #state: State = NOTHING;
  #outcome: Outcome = { kind: "nothing" };
  #terms: Terms = STRICT;
  /** Grows with each change, so that of two verifications the later one is drawn. */
  #turn = 0;
  /** What the form was drawn for. */
  #asked = "";
  #pasted = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(version: string) {
    this.#version = version;
  }

  start(): void {
    const style = document.createElement("style");
    style.textContent = PAGE_STYLE;
    document.head.append(style);
    const rest = byId("rest", HTMLElement);
    put(rest, drawFrame(this.#version, serverOf() !== null));
    rest.className = "";
    addCopying(rest);
    listen({ expect: () => this.#expect(), take: (files) => this.#add(files) });
    byId("notices", HTMLDetailsElement).addEventListener("toggle", drawNotices, { once: true });
    addEventListener("click", ({ target }) => this.#clicked(target));
    addEventListener("change", ({ target }) => this.#changed(target));
    addEventListener("input", ({ target }) => this.#typed(target));
    addEventListener("submit", (event) => event.preventDefault());
    // Where it cannot start, whoever gives evidence is told.
    started().catch(() => {});
    byId("page", HTMLElement).removeAttribute("aria-busy");
  }

  /** What is shown will be replaced. */
  #expect(): void {
    byId("page", HTMLElement).setAttribute("aria-busy", "true");
  }

  #add(files: readonly NamedFile[]): void {
    const named = files.map(({ name, bytes }) => ({
      name: name === "" ? `${PASTED}${++this.#pasted}` : name,
      bytes,
    }));
    // Of a sample and evidence of one's own nothing could be said together.
    if (this.#state.sample !== null) this.#state = NOTHING;
    this.#give([...this.#state.files, ...named], true);
  }

  async #give(files: readonly NamedFile[], isNew: boolean): Promise<void> {
    const turn = ++this.#turn;
    this.#expect();
    try {
      const heap = files.length === 0 ? null : await sortHeap(engine, files);
      if (turn !== this.#turn) return;
      this.#state = { ...this.#state, files, heap };
    } catch (error) {
      return this.#fail(turn, error);
    }
    await this.#verify();
    if (isNew && this.#outcome.kind !== "nothing") this.#show();
  }

  /** A verdict of before must not stand beside what could not be verified. */
  #fail(turn: number, error: unknown): void {
    reportError(error);
    if (turn !== this.#turn) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#outcome = { kind: "failed", message };
    this.#draw();
  }

  /** Leads who cannot see the change to it. */
  #show(): void {
    const outcome = byId("outcome", HTMLElement);
    outcome.focus({ preventScroll: true });
    const top = this.#outcome.kind === "verified" ? outcome : byId("files", HTMLElement);
    top.scrollIntoView({ block: "start" });
  }

  async #verify(): Promise<void> {
    const turn = ++this.#turn;
    this.#expect();
    try {
      this.#redrawAsk();
      const terms = this.#asked === "" ? STRICT : readAsk();
      const outcome = await outcomeOf(this.#state, terms, this.#version);
      if (turn !== this.#turn) return;
      this.#outcome = outcome;
      this.#terms = terms;
      this.#draw();
    } catch (error) {
      this.#fail(turn, error);
    }
  }

  /** The form stays as it was typed while it is about the same evidence. */
  #redrawAsk(): void {
    const isAudit = (this.#state.heap?.audits.length ?? 0) > 0;
    const candidate = isAudit ? null : chosenOf(this.#state);
    const asked = isAudit ? "audit" : candidate === null ? "" : keyOf(candidate);
    const ask = byId("ask", HTMLElement);
    ask.hidden = asked === "";
    if (asked === this.#asked) return;
    this.#asked = asked;
    put(ask, asked === "" ? null : drawAsk(candidate));
  }

  #draw(): void {
    const { heap } = this.#state;
    const outcome = this.#outcome;
    const drawn = {
      heap,
      sample: this.#state.sample,
      terms: this.#terms,
      version: this.#version,
      server: serverOf(),
    };
    const isFolded = document.getElementById("given")?.hasAttribute("open") === false;
    const isOpen = !isFolded && outcome.kind !== "verified";
    keepFocus(() => {
      put(byId("files", HTMLElement), drawFiles(this.#state, isOpen));
      put(byId("outcome", HTMLElement), drawOutcome(outcome, drawn));
    });
    addCopying(byId("outcome", HTMLElement));
    byId("status", HTMLElement).textContent = statusOf(outcome);
    byId("page", HTMLElement).removeAttribute("aria-busy");
    byId("drop", HTMLElement).classList.toggle("small", heap !== null);
    byId("clear", HTMLElement).hidden = heap === null;
    byId("lesson", HTMLDetailsElement).open = heap === null;
    if (this.#asked === "") return;
    const documents = [
      ...(heap?.policies ?? []),
      ...(heap?.references ?? []),
      ...(heap?.signed ?? []),
    ];
    reflectAsk(this.#terms, documents.map(({ name }) => name));
  }

  #clicked(target: EventTarget | null): void {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button === null) return;
    const { file, lab } = button.dataset;
    if (file !== undefined) {
      this.#give(this.#state.files.filter((_, i) => i !== Number(file)), false);
    }
    if (lab !== undefined) this.#downloadRoot(Number(lab));
    if (button.className === "copy") copyBefore(button);
    switch (button.id) {
      case "clear":
        this.#clear();
        break;
      case "sample":
      case "sample-again":
      case "bend":
        this.#try(button.id === "bend");
        break;
      case "better":
        this.#openTerms();
        break;
      case "hash":
        this.#hash();
        break;
      case "print":
        print();
        break;
      case "json":
      case "audit":
        this.#download(button.id);
        break;
    }
  }

  #clear(): void {
    this.#state = NOTHING;
    this.#give([], false);
    byId("choose", HTMLButtonElement).focus();
  }

  /** Who asks for the sample accepts its lab, for it alone. */
  async #try(bend: boolean): Promise<void> {
    this.#expect();
    const { files, nonce, time, root } = await readSample(bend);
    this.#state = { ...NOTHING, believed: new Set([root]), sample: bend ? "bent" : "whole" };
    await this.#give(files, false);
    fillAsk(nonce, time);
    await this.#verify();
    this.#show();
  }

  #openTerms(): void {
    const terms = byId("terms", HTMLDetailsElement);
    terms.open = true;
    terms.scrollIntoView();
    terms.querySelector("input")?.focus({ preventScroll: true });
  }

  async #hash(): Promise<void> {
    const digest = byId("digest", HTMLElement);
    digest.textContent = await ownHash().catch((error: unknown) =>
      `It cannot be had: ${error instanceof Error ? error.message : String(error)}`
    );
  }

  #download(what: "json" | "audit"): void {
    const outcome = this.#outcome;
    if (outcome.kind !== "verified") return;
    const { request, result } = outcome;
    if (what === "json" || request === null) {
      return download("result.json", canonicalJson(plainOf(result)), "application/json");
    }
    const { reference } = request;
    const signed = reference instanceof SignedReference && reference.key !== null
      ? { signed: { envelope: reference.file, key: reference.key } }
      : {};
    const bundle = writeBundle(request, result, { casemate: this.#version, ...signed });
    download(AUDIT_NAME, bundle, "application/json");
  }

  #downloadRoot(number: number): void {
    const outcome = this.#outcome;
    const [name, der] = outcome.kind === "verified" ? labRootsOf(outcome)[number] ?? [] : [];
    if (name === undefined || der === undefined) return;
    download(name, new Uint8Array(der), "application/pkix-cert");
  }

  #changed(target: EventTarget | null): void {
    if (target instanceof HTMLSelectElement && target.id === "variant") {
      this.#state = { ...this.#state, chosen: target.value };
    }
    const root = target instanceof HTMLInputElement ? target.dataset["root"] : undefined;
    if (root !== undefined && target instanceof HTMLInputElement) {
      const others = [...this.#state.believed].filter((one) => one !== root);
      this.#state = {
        ...this.#state,
        believed: new Set(target.checked ? [...others, root] : others),
      };
    }
    const isChoice = target instanceof HTMLInputElement && /checkbox|radio/.test(target.type);
    if (isChoice || target instanceof HTMLSelectElement) this.#again();
  }

  /** What is typed counts as it is typed: when its field is left, the page must not move under a click. */
  #typed(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement) || !/text|date/.test(target.type)) return;
    if (this.#state.heap === null) return;
    this.#expect();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), PAUSE);
  }

  #again(): void {
    if (this.#state.heap !== null) this.#verify();
  }
}

/** Who served the page; null where it is a file. */
function serverOf(): string | null {
  return location.protocol.startsWith("http") ? location.host : null;
}

new Page(document.documentElement.dataset["version"] ?? "").start();
