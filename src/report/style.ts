/**
 * How a report looks: on screens bright and dark, on a phone, on paper. Nothing
 * is told by colour alone, and nothing is loaded.
 *
 * @module
 */

const COLOURS = `
.casemate-report{color-scheme:light dark;--ink:#1d1c19;--soft:#55534c;--rule:#d8d5cb;--paper:#fffefb;--wash:#f6f4ee;--good:#1b6542;--bad:#9d1f2a;--warn:#7d5104}
@media screen and (prefers-color-scheme:dark){.casemate-report{--ink:#ebe8e0;--soft:#b3afa5;--rule:#3d3b36;--paper:#191816;--wash:#22211e;--good:#74c99d;--bad:#f29a97;--warn:#e3b862}}
@media print{.casemate-report{--ink:#000;--soft:#3d3d3d;--rule:#b5b5b5;--paper:#fff;--wash:#fff;--good:#000;--bad:#000;--warn:#000}}`;

const PAGE = `
body:has(>.casemate-report){margin:0;background:#fffefb}
@media screen and (prefers-color-scheme:dark){body:has(>.casemate-report){background:#191816}}
.casemate-report{box-sizing:border-box;max-width:54rem;margin:0 auto;padding:2.25rem 2rem 3rem;background:var(--paper);color:var(--ink);font:400 .9375rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;font-variant-numeric:tabular-nums;text-align:left;overflow-wrap:break-word;hyphens:manual}
.casemate-report *,.casemate-report ::before,.casemate-report ::after{box-sizing:inherit}
.casemate-report :is(h1,h2,h3,p,ul,ol,dl,dd,pre,table){margin:0;padding:0}
.casemate-report :is(ol,ul){list-style:none}
.casemate-report :is(code,pre,.x){font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.86em}
.casemate-report section,.casemate-report .lab{margin-top:2.25rem}
.casemate-report h2{border-top:1px solid var(--rule);padding-top:.7rem;margin-bottom:.6rem;font-size:1.0625rem;font-weight:650;line-height:1.3}
.casemate-report h3{font-size:.9375rem;font-weight:650;line-height:1.35}
.casemate-report .lead{color:var(--soft);max-width:40rem;margin-bottom:.9rem}
.casemate-report header{display:flex;justify-content:space-between;gap:1rem;border-bottom:2px solid var(--ink);padding-bottom:.5rem;font-size:.875rem}
.casemate-report header span,.casemate-report footer{color:var(--soft)}
.casemate-report footer{margin-top:2.5rem;border-top:2px solid var(--ink);padding-top:.6rem;font-size:.8125rem}
.casemate-report .g{width:1.05em;height:1.05em;flex:none;vertical-align:-.16em;color:var(--soft)}
.casemate-report .g .k{stroke:var(--paper)}
.casemate-report :is(.g-holds,.g-tick){color:var(--good)}
.casemate-report :is(.g-weak,.g-lab){color:var(--ink)}
.casemate-report .g-differs{color:var(--bad)}
.casemate-report .g-not-examined{color:var(--warn)}
.casemate-report .state,.casemate-report .by,.casemate-report .kind{color:var(--soft);font-weight:400;font-size:.875em}
.casemate-report .hex{line-height:1.45}
.casemate-report .hex>*{display:inline-block;margin-right:.5em}
.casemate-report mark{background:none;color:inherit;font-weight:700;text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px}`;

const HEAD = `
.casemate-report .lab{border:2px dashed var(--ink);padding:.6rem .9rem}
.casemate-report .risks{border-left:5px solid var(--warn);padding-left:1rem;margin-top:1.5rem}
.casemate-report .risks h2{border:0;padding:0;margin-bottom:.25rem}
.casemate-report .risks li+li{margin-top:.4rem}
.casemate-report .risks strong{font-weight:600;display:block}
.casemate-report .risks strong::first-letter{text-transform:uppercase}
.casemate-report .risks li span{color:var(--soft);display:block}
.casemate-report .verdict{margin-top:1.75rem}
.casemate-report h1{display:flex;align-items:center;gap:.75rem;font-size:2.25rem;font-weight:700;line-height:1.15;letter-spacing:-.01em}
.casemate-report h1 .g{width:2.25rem;height:2.25rem;display:block}
.casemate-report .says{font-size:1.125rem;line-height:1.4;margin-top:.5rem;max-width:42rem}
.casemate-report .facts{display:grid;grid-template-columns:1fr 1fr;gap:0 2rem;margin-top:1.25rem}
.casemate-report .facts div,.casemate-report .pairs div{display:grid;grid-template-columns:8.5rem 1fr;gap:0 1rem;padding:.35rem 0;border-top:1px solid var(--rule);align-items:baseline}
.casemate-report .facts div:is(:first-child,:nth-child(2),:last-child){grid-column:1/-1}
.casemate-report :is(.facts,.pairs) dt{color:var(--soft)}
.casemate-report :is(.facts,.pairs) dd{min-width:0;overflow-wrap:anywhere}`;

const CHAIN = `
.casemate-report .vouchers{display:grid;gap:1rem}
.casemate-report .voucher{display:grid;grid-template-columns:8.5rem 1fr;gap:0 1rem}
.casemate-report .who{text-align:right;padding-top:.15rem;line-height:1.35}
.casemate-report .who>*{display:block}
.casemate-report .who small,.casemate-report .who span{color:var(--soft);font-size:.8125rem}
.casemate-report .who em{display:inline-block;font-style:normal;font-size:.75rem;font-weight:600;border:1px solid var(--ink);border-radius:3px;padding:0 .35rem;margin-top:.35rem}
.casemate-report .stations{border-left:3px solid var(--ink);padding-left:1.1rem}
.casemate-report .r-paravisor .stations{border-left:6px double var(--ink);padding-left:calc(1.1rem - 3px)}
.casemate-report .r-provider .stations{border-left:3px dashed var(--ink)}
.casemate-report :is(.r-none,.r-lab) .stations{border-left:4px dotted var(--ink);padding-left:calc(1.1rem - 1px)}
.casemate-report .r-open .stations{border-left:1px solid var(--rule);padding-left:calc(1.1rem + 2px)}
.casemate-report .station{position:relative;display:grid;grid-template-columns:1.75rem 1fr;gap:0 .8rem;padding-bottom:1.15rem}
.casemate-report .station::before{content:"";position:absolute;left:.875rem;top:2rem;bottom:-.1rem;border-left:2px solid var(--ink);margin-left:-1px}
.casemate-report .voucher:not(:last-child) .station:last-child::before{bottom:-1.1rem}
.casemate-report .voucher:last-child .station:last-child::before{display:none}
.casemate-report .voucher:last-child .station:last-child{padding-bottom:.2rem}
.casemate-report :is(.s-not-examined,.s-not-asked,.s-absent)::before{border-left:2px dotted var(--soft)}
.casemate-report .s-differs::before{border-left:2px dashed var(--bad);opacity:.7}
.casemate-report .dot .g{width:1.75rem;height:1.75rem;display:block;vertical-align:0}
.casemate-report .about{min-width:0;padding-top:.12rem}
.casemate-report .about h3{font-size:1.0625rem}
.casemate-report .about .state{margin-left:.35rem}
.casemate-report .what{line-height:1.4}
.casemate-report .what .by{display:block}
.casemate-report .certs{font-size:.875rem;color:var(--soft)}
.casemate-report .certs i{font-style:normal}
.casemate-report .rows{margin-top:.35rem;display:grid;gap:.1rem}
.casemate-report .rows li{display:grid;grid-template-columns:1.05em minmax(0,14rem) minmax(0,1fr);gap:0 .6rem;font-size:.875rem;line-height:1.4;align-items:baseline}
.casemate-report .rows .g{align-self:start;margin-top:.17em}
.casemate-report .rows .a{color:var(--soft)}
.casemate-report .rows .a{overflow-wrap:anywhere}
.casemate-report .rest{color:var(--soft);font-size:.8125rem;margin-top:.2rem}`;

const PARTS = `
.casemate-report .problem{display:grid;grid-template-columns:1.4rem 1fr;gap:0 .7rem;padding:.7rem 0}
.casemate-report .problem+.problem{border-top:1px solid var(--rule)}
.casemate-report .problem>.g{width:1.4rem;height:1.4rem}
.casemate-report .problem>div{min-width:0}
.casemate-report .problem h3{font-size:1rem}
.casemate-report .remedy::before{content:"What to do: ";font-weight:600}
.casemate-report .code{color:var(--soft)}
.casemate-report .cmp{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;align-items:baseline;margin:.3rem 0}
.casemate-report .cmp dt{color:var(--soft);font-size:.8125rem}
.casemate-report .cmp dd{min-width:0;overflow-wrap:anywhere}
.casemate-report .proven{display:grid;grid-template-columns:1fr 1fr;gap:0 2rem}
.casemate-report .proven li{padding-left:1.2rem;text-indent:-1.2rem;margin-top:.35rem;line-height:1.4}
.casemate-report .proven li::before,.casemate-report .word li::before{display:inline-block;width:1.2rem;text-indent:0;font-weight:700}
.casemate-report .yes li::before{content:"+"}
.casemate-report .no li::before{content:"–"}
.casemate-report .word{margin-bottom:1rem}
.casemate-report .word li{padding-left:1.2rem;text-indent:-1.2rem}
.casemate-report .word li::before{content:"!"}
.casemate-report table{width:100%;border-collapse:collapse;font-size:.8125rem;line-height:1.4;table-layout:auto}
.casemate-report :is(th,td){text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-top:1px solid var(--rule);font-weight:400;overflow-wrap:break-word}
.casemate-report :is(th,td) code{overflow-wrap:anywhere}
.casemate-report :is(th,td):last-child{padding-right:0}
.casemate-report thead th{border-top:0;color:var(--soft);padding-bottom:.2rem}
.casemate-report .findings table{table-layout:fixed}
.casemate-report .findings thead th:nth-child(1){width:35%}
.casemate-report .findings thead th:nth-child(2){width:41%}
.casemate-report tbody th{font-weight:500}
.casemate-report .findings tbody th{position:relative;padding-left:1.6em}
.casemate-report .findings tbody th .g{position:absolute;left:0;top:.58em}
.casemate-report :is(tbody th) code{display:block;color:var(--soft);font-weight:400;font-size:.92em}
.casemate-report td .cmp{grid-template-columns:1fr;margin:0}
.casemate-report td .cmp dt{margin-top:.15rem}
.casemate-report .stale{margin-top:.2rem;font-weight:600}
.casemate-report details{border-top:1px solid var(--rule)}
.casemate-report details[open]{padding-bottom:1rem}
.casemate-report summary{cursor:pointer;padding:.5rem 0;display:flex;gap:.6rem;align-items:baseline;list-style:none}
.casemate-report summary::-webkit-details-marker{display:none}
.casemate-report summary::before{content:"";flex:none;border:.28em solid transparent;border-left:.42em solid var(--soft);border-right:0;transform:translateY(-.05em)}
.casemate-report details[open]>summary::before{transform:rotate(90deg)}
.casemate-report summary h3{display:inline}
.casemate-report summary span{color:var(--soft);font-size:.8125rem}
.casemate-report summary:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.casemate-report pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--wash);border:1px solid var(--rule);padding:.6rem .8rem;line-height:1.5}
.casemate-report pre+.lead{margin-top:1rem}
.casemate-report .commands .lead{margin-bottom:.3rem}`;

const NARROW = `
@media (max-width:40rem){
.casemate-report{padding:1.25rem 1rem 2rem}
.casemate-report .facts,.casemate-report .proven{grid-template-columns:1fr}
.casemate-report .proven>div+div{margin-top:1.5rem}
.casemate-report .facts div,.casemate-report .pairs div{grid-template-columns:7rem 1fr}
.casemate-report h1{font-size:1.9rem}
.casemate-report .voucher{grid-template-columns:1fr}
.casemate-report .who{text-align:left;padding:0 0 .5rem}
.casemate-report .who>*{display:inline}
.casemate-report .who em{margin:0 0 0 .3rem}
.casemate-report .stations{padding-left:.8rem}
.casemate-report .voucher:not(:last-child) .station:last-child::before{bottom:-.1rem}
.casemate-report .rows li{grid-template-columns:1.05em 1fr}
.casemate-report .rows .a{grid-column:2}
.casemate-report table,.casemate-report :is(tbody,tr,th,td){display:block;width:auto}
.casemate-report .findings tbody th .g{top:.25em}
.casemate-report thead{display:none}
.casemate-report tr{border-top:1px solid var(--rule);padding:.4rem 0}
.casemate-report :is(th,td){border:0;padding:.1rem 0}
.casemate-report .findings td{padding-left:1.3rem}
.casemate-report td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}
}`;

const PAPER = `
@page{size:A4;margin:17mm 16mm 19mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif}@bottom-left{content:"Casemate: report of a verification";font:8pt sans-serif}}
@media print{
body:has(>.casemate-report){background:#fff}
:root:has(>body>.casemate-report){font-size:13.4px}
.casemate-report{max-width:none;padding:0;line-height:1.42}
.casemate-report h1{font-size:24pt}
.casemate-report h1 .g{width:24pt;height:24pt}
.casemate-report section{margin-top:16pt}
.casemate-report :is(h2,h3,summary,.lead,thead){break-after:avoid}
.casemate-report :is(.station,.problem,.proven,tr,.facts div,.pairs div,.risks,.lab,.proven li,pre){break-inside:avoid}
.casemate-report .verdict{break-inside:avoid}
.casemate-report .g{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.casemate-report .lead{break-inside:avoid}
.casemate-report .vouchers{display:block}
.casemate-report .voucher{margin-bottom:8pt}
.casemate-report details::details-content{content-visibility:visible;display:block;block-size:auto}
.casemate-report summary::before{display:none}
.casemate-report :is(p,li){orphans:3;widows:3}
}`;

/** The style of a report. */
export const STYLE: string = [COLOURS, PAGE, HEAD, CHAIN, PARTS, NARROW, PAPER].join("");
