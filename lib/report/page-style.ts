import { FAINT, GRID, INK, LOSS, PAPER } from './palette.ts';

/** The page's typography: one column, tabular figures, quiet rules; ink on paper. */
export const PAGE_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: ${PAPER}; color: ${INK}; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1104px; margin: 0 auto; padding: 36px 32px 64px; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; letter-spacing: -0.005em; margin: 44px 0 10px; padding-top: 10px; border-top: 1px solid ${GRID}; }
h3 { font-size: 12px; text-transform: uppercase; letter-spacing: 0.06em; color: ${FAINT}; margin: 0 0 6px; font-weight: 600; }
p { margin: 6px 0; max-width: 76ch; }
ul { margin: 6px 0; padding-left: 1.2em; max-width: 84ch; }
li { margin: 3px 0; }
code { font: 0.92em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.quiet { color: ${FAINT}; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 22px; color: ${FAINT}; }
.facts b { color: ${INK}; font-weight: 600; }
.synthetic { margin: 18px 0; padding: 14px 20px; border: 3px solid ${LOSS}; color: ${LOSS};
  background: repeating-linear-gradient(-45deg, ${PAPER} 0 14px, #fdf1e8 14px 28px); }
.synthetic strong { display: block; font-size: 34px; line-height: 1.1; letter-spacing: 0.08em; }
.warnings { margin: 18px 0; padding: 8px 18px; border-left: 4px solid ${LOSS}; background: #fdf5ef; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin: 26px 0 0; background: ${GRID}; border: 1px solid ${GRID}; }
.tile { background: ${PAPER}; padding: 14px 16px 12px; min-width: 0; }
.tile .value { font-size: 27px; line-height: 1.2; font-weight: 600; letter-spacing: -0.02em; font-variant-numeric: tabular-nums lining-nums; }
.tile .value small { font-size: 16px; font-weight: 400; color: ${FAINT}; letter-spacing: 0; }
.tile .note { color: ${FAINT}; font-size: 13px; }
.refused, .tile .value.refused { color: ${LOSS}; font-size: 13.5px; font-weight: 400; line-height: 1.35; letter-spacing: 0; }
.plot { width: 100%; }
.plot > svg { width: 100%; height: auto; display: block; }
.halves { display: grid; grid-template-columns: 1fr 1fr; gap: 20px; }
.halves > * { min-width: 0; }
.numbers { columns: 2; column-gap: 44px; }
.numbers section { break-inside: avoid; margin-bottom: 22px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums lining-nums; font-size: 14px; }
td, th { padding: 4px 0; border-bottom: 1px solid ${GRID}; text-align: left; vertical-align: top; font-weight: 400; }
.numbers td { text-align: right; padding-left: 16px; }
.numbers .refused { max-width: 30ch; margin-left: auto; }
#trades th, #symbols th { color: ${FAINT}; font-size: 12px; }
#trades td, #trades th, #symbols td, #symbols th { padding: 4px 10px 4px 0; text-align: right; white-space: nowrap; }
#trades td:nth-child(-n+4), #trades th:nth-child(-n+4), #symbols :is(td, th):first-child { text-align: left; }
.scroll { overflow-x: auto; }
button { font: inherit; font-size: 13px; color: ${INK}; background: ${PAPER}; border: 1px solid #c9ced6; border-radius: 4px; padding: 3px 12px; margin: 10px 8px 0 0; cursor: pointer; }
button:hover { border-color: ${INK}; }
footer { margin-top: 44px; padding-top: 12px; border-top: 1px solid ${GRID}; font-size: 13px; color: ${FAINT}; }
@media (max-width: 760px) { main { padding: 20px 16px 40px; } .tiles { grid-template-columns: 1fr 1fr; } .halves { grid-template-columns: 1fr; } .numbers { columns: 1; } #monthly { min-width: 680px; } }
@media print {
  @page { margin: 14mm; }
  body { font-size: 11pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { padding: 0; max-width: none; }
  h2 { break-after: avoid; }
  .plot, .tile, .synthetic, tr { break-inside: avoid; }
  button, .modebar { display: none !important; }
}
`;
