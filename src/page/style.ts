/**
 * How the page looks: the report's colours and type, on any width, bright and
 * dark. Nothing is told by colour alone, and nothing is loaded.
 *
 * @module
 */

import { REPORT_STYLE } from "../report/report.ts";

const COLOURS = `
:root{color-scheme:light dark;--ink:#1d1c19;--soft:#55534c;--rule:#d8d5cb;--edge:#8b877b;--paper:#fffefb;--wash:#f6f4ee;--good:#1b6542;--bad:#9d1f2a;--warn:#7d5104}
@media screen and (prefers-color-scheme:dark){:root{--ink:#ebe8e0;--soft:#b3afa5;--rule:#3d3b36;--edge:#837f75;--paper:#191816;--wash:#22211e;--good:#74c99d;--bad:#f29a97;--warn:#e3b862}}
@media print{:root{--ink:#000;--soft:#3d3d3d;--rule:#b5b5b5;--paper:#fff;--wash:#fff;--good:#000;--bad:#000;--warn:#000}}`;

const FRAME = `
html{background:var(--paper)}
body{margin:0;background:var(--paper);color:var(--ink);font:400 1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;overflow-wrap:break-word}
[hidden]{display:none!important}
#page{max-width:54rem;margin:0 auto;padding:1.25rem 2rem 3rem;box-sizing:border-box}
:where(#page) :where(h1,h2,h3,p,ul,ol,fieldset){margin:0;padding:0;border:0;min-width:0}
:where(#page) :where(ul,ol){list-style:none}
:where(#page) :where(code,pre,textarea){font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.86em}
:where(#page) .g{width:1.15em;height:1.15em;flex:none;color:var(--soft)}
:where(#page) .g .k{stroke:var(--paper)}
:where(#page) :is(.g-tick,.g-holds){color:var(--good)}
:where(#page) .g-not-examined{color:var(--warn)}
:where(#page) .g-differs{color:var(--bad)}
.top{display:flex;justify-content:space-between;gap:1rem;font-size:.875rem;border-bottom:2px solid var(--ink);padding-bottom:.5rem}
.top span,.hint,.by{color:var(--soft)}
.intro h1{font-size:clamp(1.9rem,5.5vw,2.75rem);line-height:1.1;letter-spacing:-.02em;font-weight:700}
.intro{padding-top:2.5rem}
.intro .lead{font-size:1.125rem;line-height:1.5;max-width:40rem;margin-top:.9rem}
.intro em{font-style:normal;font-weight:650}
.status{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.wait{margin-top:1.5rem;color:var(--soft)}
#outcome:focus{outline:0}
@media (max-width:40rem){#page{padding:1rem 1rem 2rem}.intro{padding-top:1.5rem}}`;

const CONTROLS = `
button,select,input,textarea{font:inherit;color:inherit}
button{cursor:pointer;border:1px solid var(--edge);border-radius:5px;background:var(--paper);padding:.5rem .95rem;line-height:1.3;min-height:2.5rem}
button:hover{border-color:var(--ink)}
button.main{background:var(--ink);border-color:var(--ink);color:var(--paper);font-weight:600}
button.main:hover{opacity:.88}
a{color:inherit;text-underline-offset:3px}
button.link{display:inline;text-align:left;border:0;background:none;padding:0;min-height:0;text-decoration:underline;text-underline-offset:3px}
:is(button,select,input,textarea,summary):focus-visible{outline:3px solid var(--ink);outline-offset:2px}
.buttons{display:flex;flex-wrap:wrap;gap:.6rem}
input[type=text],input[type=datetime-local],textarea,select{box-sizing:border-box;width:100%;border:1px solid var(--edge);border-radius:5px;background:var(--paper);padding:.45rem .6rem;min-height:2.5rem}
select{width:auto;max-width:100%}
input[type=datetime-local]{width:auto;min-width:0;max-width:100%}
input:is([type=checkbox],[type=radio]){width:1.15rem;height:1.15rem;margin:.18rem 0 0;flex:none;accent-color:var(--ink)}
:is(.radio,.root){display:flex;gap:.6rem;align-items:flex-start;cursor:pointer}
summary{cursor:pointer;list-style:none;display:flex;gap:.6rem;align-items:baseline;flex-wrap:wrap}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;border:.28em solid transparent;border-left:.42em solid var(--soft);border-right:0}
details[open]>summary::before{transform:rotate(90deg)}`;

const INTAKE = `
.drop{margin-top:2rem;border:2px dashed var(--edge);border-radius:10px;background:var(--wash);padding:2.25rem 2rem;text-align:center}
.drop.over{border-color:var(--ink);border-style:solid}
.drop .big{font-size:1.375rem;font-weight:650;line-height:1.3}
.drop .hint{max-width:34rem;margin:.4rem auto 0}
.drop .buttons{justify-content:center;margin-top:1.25rem}
#pasting{text-align:left;margin-top:1.25rem}
#pasting label{font-size:.875rem}
.drop.small{padding:1rem 1.25rem;display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;text-align:left;margin-top:1.5rem}
.drop.small .hint,.drop.small #sample{display:none}
.drop.small .big{font-size:1rem}
.drop.small .big::after{content:" to add it"}
.drop.small .buttons{margin:0}
.drop.small #pasting{width:100%;margin:0}
.drop.small .main{background:var(--paper);color:var(--ink);border-color:var(--edge);font-weight:400}
#page:has(.drop.small) .intro{display:none}
.lesson{margin-top:2.75rem;border-top:1px solid var(--rule);padding-top:.9rem}
.lesson h2,.foot h2,.box h2,.notice h2{font-size:1.0625rem;font-weight:650;line-height:1.3}
.lesson ol{margin-top:1.25rem}
.lesson li{display:grid;grid-template-columns:1.75rem 1fr;gap:0 .9rem;position:relative;padding-bottom:1.35rem;max-width:40rem}
.lesson li:not(:last-child)::before{content:"";position:absolute;left:.875rem;top:2.1rem;bottom:.3rem;border-left:2px solid var(--ink);margin-left:-1px}
.lesson .dot .g{width:1.75rem;height:1.75rem;display:block;color:var(--ink)}
.lesson h3{font-size:1rem;font-weight:650;padding-top:.1rem}
.lesson p{color:var(--soft)}`;

const GIVEN = `
.box{margin-top:1rem;border:1px solid var(--rule);border-radius:8px;background:var(--wash)}
.box>summary{padding:.55rem .9rem}
.box+.box,#files+p+#ask .box{margin-top:.6rem}
.given{padding:0 1rem}
.given li{display:grid;grid-template-columns:1.15em 1fr auto;gap:0 .7rem;align-items:center;padding:.5rem 0;border-top:1px solid var(--rule)}
.box .roots{margin:0 1rem 1rem}
.given li div{min-width:0;line-height:1.35}
.given li strong{font-weight:550;display:block}
.by{font-size:.8125rem;overflow-wrap:anywhere}
.root .by{display:block}
.away{border:0;background:none;font-size:1.25rem;line-height:1;padding:.35rem .6rem;min-width:2.5rem;color:var(--soft)}
.away:hover{color:var(--ink)}
.choice{margin-top:.6rem;display:flex;flex-wrap:wrap;gap:.3rem .7rem;align-items:center}
.roots{margin-top:1rem;border:1px solid var(--rule);border-left:5px solid var(--warn);padding:.75rem 1rem}
.roots legend{font-weight:650;font-size:.9375rem;padding:0;float:left;width:100%;margin-bottom:.4rem}
.roots .root{clear:both}
.roots .root+.root{margin-top:.75rem}
.root strong{font-weight:600}
.root>span{min-width:0;overflow-wrap:anywhere}
.ask form{padding:0 1rem 1rem;display:grid;gap:1.4rem}
.ask legend{font-weight:650;padding:0;margin-bottom:.25rem}
.ask :is(.hint,label,.by){font-size:.9375rem}
.ask .hint{margin-bottom:.6rem;max-width:42rem}
.ask .radio{padding:.2rem 0}
.ask .typed,.ask fieldset>p:not(.hint,.typed),.ask .typed p{margin-top:.6rem}
.ask p>label{display:block;margin-bottom:.2rem}
.notice,.hints{margin-top:1.5rem}
.notice{border:1px solid var(--rule);border-left:5px solid var(--warn);padding:1rem 1.25rem}
.notice h2{display:flex;gap:.5rem;align-items:center;margin-bottom:.35rem}
.notice ul{margin:.35rem 0 0}
.notice li{padding-left:1.2rem;text-indent:-1.2rem;margin-top:.25rem}
.notice li::before{content:"–";display:inline-block;width:1.2rem;text-indent:0}
.hints{display:grid;gap:.4rem}
.hints+.hints{margin-top:.4rem}
.note{font-size:.9375rem;line-height:1.4;display:grid;grid-template-columns:1.3em 1fr;gap:0 .6rem;border-left:5px solid var(--edge);background:var(--wash);padding:.55rem .9rem}
.note .g{margin-top:.2em}
#outcome>.casemate-report{max-width:none;padding:0 0 1rem}
#outcome>.casemate-report>header{display:none}
.actions{margin-top:1.5rem}
.foot{margin-top:3rem;border-top:2px solid var(--ink);padding-top:.8rem;font-size:.9375rem;color:var(--soft)}
.foot :is(h2,strong){color:var(--ink)}
.foot p{max-width:44rem;margin-top:.6rem}
.fetch{margin-top:.75rem}
.notice pre{margin:.4rem 0 0;background:var(--wash);border:1px solid var(--rule);padding:.5rem .7rem;white-space:pre-wrap;overflow-wrap:anywhere}
.foot pre{margin:.4rem 0 0;background:var(--wash);border:1px solid var(--rule);padding:.5rem .7rem}
#digest{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em;color:var(--ink);overflow-wrap:anywhere}
#page[aria-busy]{cursor:progress}
#outcome{transition:opacity 0s}
#page[aria-busy] #outcome{opacity:.4;transition:opacity .1s .5s}
.copy{display:block;margin:.3rem 0 0 auto;font-size:.8125rem;padding:.2rem .7rem;min-height:1.75rem}
#notices{margin-top:.6rem}
#notices summary{flex-wrap:nowrap}
#texts{white-space:pre-wrap;max-height:24rem;overflow:auto;margin-top:.6rem;font-size:.8125rem}`;

const NARROW = `
@media (max-width:40rem){
.drop{padding:1.5rem 1rem}
.drop .buttons>*{flex:1 1 auto}
.drop.small{padding:.75rem}
.drop.small .big{display:none}
.ask #summary{flex-basis:100%;padding-left:1.1rem}
.actions button{flex:1 1 100%}
}
@media print{
.top,.intro,#drop,.box,.roots,.choice,.lesson,.foot,.actions,.copy,.note:has(button){display:none}
#page{max-width:none;padding:0}
#outcome>.casemate-report>header{display:flex}
}`;

/** The style of what stands there before anything is unpacked. */
export const FIRST_STYLE: string = COLOURS + FRAME;

/** The style of the rest of the page, that of reports in it. */
export const PAGE_STYLE: string = [REPORT_STYLE, CONTROLS, INTAKE, GIVEN, NARROW].join("");
