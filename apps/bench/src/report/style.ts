/** The page's look: the reader's own light or dark, one column on a telephone, two on a desk, black ink alone in print. */
export const style = `
:root { color-scheme: light dark; --ink: light-dark(#16191d, #e8eaed); --paper: light-dark(#fff, #14171a); --soft: light-dark(#59626c, #a3acb5);
  --line: light-dark(#d5dae0, #343a41); --field: light-dark(#f4f6f8, #1d2125); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 74rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: clamp(1.6rem, 4vw, 2.4rem); line-height: 1.15; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; margin: 0; }
.facts, .description, figcaption, .lane span { color: var(--soft); }
.facts { margin: 0 0 2rem; }
section { border-top: 1px solid var(--line); padding-top: 1.5rem; margin-top: 2rem; }
.verdict { display: inline-block; border: 1.5px solid currentColor; border-radius: .3rem; padding: .05rem .5rem; margin-right: .5rem; font-weight: 600; }
.verdict.fails { border-style: dashed; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 1rem 2.5rem; align-items: start; margin-top: 1rem; }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; max-width: 100%; }
figcaption { margin-bottom: .5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .25rem; border-bottom: 1px solid var(--line); text-align: right; }
th { font-weight: 600; } th:first-child, td:first-child { text-align: left; }
.film { margin-top: 1.25rem; }
.lanes { overflow-x: auto; }
.lane { margin-top: .5rem; min-width: 46rem; }
.lane span { position: sticky; left: 0; font-size: .875rem; }
.lane svg { border: 1px solid var(--line); border-radius: .3rem; stroke: currentColor; stroke-linecap: round; }
.ghosts { opacity: .28; } .ground { stroke: var(--soft); stroke-width: 1.5; }
button { font: inherit; font-size: .875rem; margin-top: .5rem; padding: .1rem .75rem; color: inherit; background: none; border: 1px solid var(--soft); border-radius: .3rem; }
.description { font-size: .875rem; margin: .5rem 0 0; }
pre { margin: .25rem 0 1rem; padding: .6rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--field); border-radius: .3rem; font-size: .875rem; }
.command span { display: inline-block; max-width: 100%; vertical-align: top; }
dl { margin: 0; } dt { margin-top: .5rem; } dd { margin: 0; }
code { overflow-wrap: anywhere; font-size: .9em; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10.5rem), 1fr)); gap: 1rem; } .panels span { font-size: .875rem; color: var(--soft); }
@media (max-width: 40rem) { figure svg { font-size: 16px !important; } .lanes { margin-inline: -1rem; padding-inline: 1rem; } }
@media print { :root { color-scheme: light; } button { display: none; } section { break-inside: avoid; } .lane { min-width: 0; } }
`

/** What the pages of results have besides: hues of Okabe & Ito, which remain apart for colour-blind readers, and tables that scroll. */
export const resultsStyle = `
:root { --arm0: light-dark(#0b5394, #6fb1e8); --arm1: light-dark(#b34700, #f0914a); --arm2: light-dark(#006b4f, #3fc79e);
  --arm3: light-dark(#8f3a6f, #dd93bd); --arm4: light-dark(#6b5a00, #d9c44a); --arm5: light-dark(#444c55, #b4bcc5); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; }
a { color: inherit; }
.soft { color: var(--soft); }
.claim { font-size: 1.1rem; margin: .4rem 0; }
.wide { grid-column: 1 / -1; }
.scroll { --shade: light-dark(rgb(0 0 0 / .25), rgb(255 255 255 / .25)); overflow-x: auto;
  background: linear-gradient(to right, var(--paper) 50%, transparent) left / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--paper) 50%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / .9rem 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / .9rem 100% no-repeat scroll; }
.scroll th, .scroll td { padding-inline: .4rem; }
.scroll th:first-child, .scroll td:first-child { position: sticky; left: 0; background: var(--paper); }
.verdict { white-space: nowrap; }
.verdict.inconclusive { border-style: dotted; }
.verdicts td:first-child { white-space: nowrap; }
.verdicts td, .verdicts th { text-align: left; vertical-align: top; padding-right: .75rem; }
.scroll td:not(:first-child) { white-space: nowrap; } .verdicts td.spare { white-space: normal; min-width: 14rem; }
@media (max-width: 40rem) { .verdicts .spare { display: none; } .verdicts td:first-child { white-space: normal; } .verdicts th, .verdicts td { padding-inline: .25rem; } }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; margin: .25rem 0 0; padding: 0; font-size: .875rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.legend svg { width: 44px; flex: none; }
figure svg text { white-space: pre; }
ul { margin: .25rem 0; padding-left: 1.25rem; } li { overflow-wrap: anywhere; }
summary { cursor: pointer; margin-top: 1.5rem; font-weight: 600; }
@media print { section { break-inside: auto; } figure, tr { break-inside: avoid; } }
`
