/** The style of the page, for a light and a dark screen. It names no font or image of another file. */
export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1a1a1a; --soft: #595959; --line: #d0d0d0; }
@media (prefers-color-scheme: dark) { :root { --page: #16181c; --text: #ececec; --soft: #b3b3b3; --line: #44484f; } }
body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin-bottom: 0.2rem; }
svg { max-width: 100%; } svg[role="img"] { width: 100%; height: auto; display: block; }
.axis { fill: var(--soft); font: 12px system-ui, sans-serif; }
.grid { stroke: var(--line); stroke-width: 1; } .lane { stroke: var(--soft); stroke-width: 2; }
.area { stroke: var(--page); stroke-width: 0.8; } .mark { stroke: var(--text); stroke-width: 0.8; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; font-size: 0.9rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: 0.2rem 0.6rem; text-align: left; vertical-align: top; font-weight: normal; }
thead th { color: var(--soft); } details { margin: 0.5rem 0; } summary { cursor: pointer; }
.broken { font-weight: bold; color: #d55e00; }
`;
