/** Readable in light and dark, on a phone and on paper. Colours have a contrast of 4.5 or more on their ground. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --card: #f6f7f9; --text: #16191d; --quiet: #545b64; --line: #d5d9de;
  --error: #b3261e; --warning: #8a5300; --info: #1d5fa8; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --card: #1f2429; --text: #e9ecef; --quiet: #a9b1ba; --line: #3a4149;
  --error: #ff8a80; --warning: #f2b45c; --info: #8ab8f0; --good: #7fd49b; } }
* { box-sizing: border-box; } [hidden] { display: none !important; }
body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; } .quiet { color: var(--quiet); } a { color: var(--info); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .5rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li, .card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
.tiles strong { display: block; font-size: 1.5rem; line-height: 1.2; }
.Error { color: var(--error); } .Warning { color: var(--warning); } .Info { color: var(--info); } .good { color: var(--good); }
form { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: end; position: sticky; top: 0; background: var(--ground);
  padding: .5rem 0; border-bottom: 1px solid var(--line); z-index: 1; }
form label { display: grid; font-size: .85rem; color: var(--quiet); } form label.check { display: flex; gap: .4rem; align-items: center; min-height: 2.2rem; }
input, select, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .35rem; padding: .25rem .5rem; min-height: 2.2rem; max-width: 100%; }
input[type=checkbox] { min-height: 0; width: 1.1rem; height: 1.1rem; }
:focus-visible { outline: 3px solid var(--info); outline-offset: 1px; }
.card { margin: .5rem 0; }
.findings { margin: .35rem 0 0; padding: 0; list-style: none; }
.findings > li { border-top: 1px solid var(--line); padding: .4rem 0; }
.badge { font-weight: 600; } .seen { font-weight: 600; } code { font-size: .9em; }
table { border-collapse: collapse; width: 100%; } .scroll { overflow-x: auto; }
th, td { text-align: start; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } td.number, th.number { text-align: end; }
@media screen { article.card { content-visibility: auto; contain-intrinsic-size: auto 14rem; } }
@media (max-width: 40rem) { form { position: static; } form label, form label > * { width: 100%; } form label.check > * { width: auto; } }
@media print { :root { color-scheme: light; } form, .skip { display: none; } body { max-width: none; padding: 0; font-size: 10pt; }
  .card, tr { break-inside: avoid; } h2 { break-after: avoid; } }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
`;
