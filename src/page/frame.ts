/**
 * The page before anything was given to it: what stays in place.
 *
 * @module
 */

import { glyph } from "../report/glyph.ts";
import { type Markup, markup } from "../report/markup.ts";

/** What stands there before anything is unpacked; the rest goes where the element `rest` is. */
export const FIRST: Markup =
  markup`<header class="top"><strong>Casemate</strong> <span>Verifies confidential machines</span></header>
<section class="intro"><h1>Can this machine be trusted?</h1>
<p class="lead">A confidential machine carries a proof of what it is, signed by its processor. Give that proof to this page: your browser checks every signature and shows <em>what</em> is proven, <em>by whom</em>, and what is not. Nothing leaves your device.</p></section>
<div id="rest" class="wait"><noscript><p class="lead">For that it needs JavaScript. The command line does the same: casemate evidence verify.</p></noscript></div>`;

/**
 * Draws the rest of the page.
 *
 * @param version Version of Casemate.
 * @param isServed Whether a server gave it, so that its file can be asked for again.
 */
export function drawFrame(version: string, isServed: boolean): Markup {
  return markup`${drawIntake()}
<div id="files"></div>
<p id="status" class="status" role="status"></p>
<div id="ask" hidden></div>
<div id="outcome" tabindex="-1"></div>
${drawLesson()}
${drawAbout(version, isServed)}`;
}

function drawIntake(): Markup {
  return markup`<section id="drop" class="drop" aria-label="Evidence">
<p class="big">Drop evidence here</p>
<p class="hint">Reports, quotes, envelopes, certificates, event logs, audit bundles; a policy, if you have one. As many files as you like, whatever they are called.</p>
<p class="buttons"><button type="button" id="choose" class="main">Choose files</button>
<button type="button" id="paste" aria-expanded="false" aria-controls="pasting">Paste text</button>
<button type="button" id="sample">Try a sample</button>
<button type="button" id="clear" hidden>Start again</button></p>
<input id="chosen" type="file" multiple hidden>
<div id="pasting" hidden><label for="pasted">Hex, base64, PEM, JSON or YAML</label>
<textarea id="pasted" rows="6" spellcheck="false" autocomplete="off"></textarea>
<p class="buttons"><button type="button" id="take">Add this text</button></p></div>
</section>`;
}

const STEPS: readonly (readonly [string, string])[] = [
  [
    "Silicon",
    "The maker put a secret key into every processor. With it the processor signs a report, and it keeps the machine’s memory closed to whoever owns the hardware.",
  ],
  [
    "Firmware, boot, kernel",
    "The report holds fingerprints of all that was started. You hold them against what should run.",
  ],
  [
    "Node",
    "You ask with a random number, a nonce. It is in what was signed, so the report is neither old nor another machine’s.",
  ],
  [
    "You",
    "This page follows each signature up to the maker’s root, which is built in, and says where the chain is weak, broken, or only somebody’s word.",
  ],
];

function drawLesson(): Markup {
  return markup`<details id="lesson" class="lesson" open><summary><h2>How a machine proves itself</h2></summary>
<ol>${
    STEPS.map(([name, says]) =>
      markup`<li><span class="dot">${
        glyph("holds")
      }</span><div><h3>${name}</h3><p>${says}</p></div></li>`
    )
  }</ol></details>`;
}

function drawAbout(version: string, isServed: boolean): Markup {
  const how = isServed
    ? markup`<p><button type="button" id="hash">Show the SHA-256 of this page</button> It is asked for again at its own address.</p><p id="digest" role="status"></p>`
    : markup`<p>To compare this file with the one that was published:</p><pre><code>sha256sum verify.html</code></pre>`;
  return markup`<footer class="foot" id="about"><h2>About this page</h2>
<p><strong>A convenience, and no independent proof.</strong> Where the machine that you check serves this page, it could serve a page that always says yes. Then save the page from a place that you trust, compare its SHA-256 with the one that was published, and open it from your disk; or use the command line.</p>
${how}
<p>Everything is in one file: no other address is asked, nothing is stored, no evidence is sent. Casemate ${version} is under the Apache License 2.0.</p>
<details id="notices"><summary>Works of others in this page, and their licences</summary><div id="texts" tabindex="0" role="region" aria-label="Licences"></div></details></footer>`;
}
