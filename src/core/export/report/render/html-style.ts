/** The style sheet of pages: light and dark by what the reader prefers, and paper. Nothing in it is loaded from anywhere. */
import { dark, light, type Palette } from "./colours.ts";

const tones = ["good", "info", "warn", "bad", "neutral"] as const;

function variables({ ground, ink, faint, line, band, fill, onFill, word }: Palette): string {
  const named = { ground, ink, faint, line, band, "on-fill": onFill };
  return [
    ...Object.entries(named).map(([name, colour]) => `--${name}:${colour}`),
    ...tones.flatMap((tone) => [`--${tone}:${fill[tone]}`, `--${tone}-word:${word[tone]}`]),
  ].join(";");
}

export const styles = `
:root{color-scheme:light dark;${variables(light)}}
@media(prefers-color-scheme:dark){:root{${variables(dark)}}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--ground);margin:0 auto;max-width:96rem;padding:1.5rem clamp(1rem,3vw,3rem) 4rem}
h1{font-size:1.8rem;line-height:1.2;margin:0 0 .75rem}
h2{font-size:1.2rem;margin:2.5rem 0 .25rem;scroll-margin-top:1rem}
.faint,.about dt,.facts dt{color:var(--faint)}
p{margin:.25rem 0 .75rem;max-width:60rem}
a{color:var(--info-word)}
.about,.facts{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:0}
.about div{display:flex;gap:.5rem;min-width:0}
.about dd,.facts dd{margin:0;overflow-wrap:anywhere}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;list-style:none;margin:1rem 0;padding:.6rem 0;border-block:1px solid var(--line)}
.facts{gap:.75rem;margin-top:1rem}
.facts div{border:1px solid var(--line);border-left:4px solid var(--neutral);border-radius:6px;padding:.45rem .9rem;min-width:9.5rem}
.facts dt{font-size:.85rem}
.facts dd{font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums}
${tones.map((tone) => `.facts .${tone}{border-left-color:var(--${tone})}.status.${tone}{color:var(--${tone}-word)}svg .fill.${tone}{fill:var(--${tone})}svg .line.${tone}{stroke:var(--${tone})}`).join("\n")}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem 2.5rem;margin:1.5rem 0 0}
figure{margin:0;min-width:0}
figcaption{font-weight:600;margin:0 0 .5rem}
svg{width:100%;height:auto;max-width:44rem;font-family:inherit}
figure>div{overflow-x:auto}
svg .ink{fill:var(--ink)}svg .faint{fill:var(--faint)}svg .onBox{fill:var(--on-fill)}
svg .rule{stroke:var(--line);fill:none}
svg .line{fill:none;stroke-width:2}svg .p1{stroke-dasharray:6 3}svg .p2{stroke-dasharray:2 3}svg .p3{stroke-dasharray:8 3 2 3}
svg .fill.p1{fill-opacity:.7}svg .fill.p2{fill-opacity:.5}svg .fill.p3{fill-opacity:.35}
.scroll{overflow:auto;max-height:85vh;border:1px solid var(--line);border-radius:6px}
.scroll:focus-visible,figure>div:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--info);outline-offset:2px}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:13px}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.35rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{position:sticky;top:0;background:var(--band);z-index:1;white-space:nowrap}
tbody th{font-weight:500}
tbody tr:hover>*{background:var(--band)}
tbody tr:last-child>*{border-bottom:0}
td.text,td.ref,td.list,tbody th{overflow-wrap:break-word;max-width:24rem}
td.text{min-width:8rem}
td.ref,td.list,tbody th{min-width:10rem}
td ul,tbody th ul{list-style:none;margin:0;padding:0}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.instant,td.date,td.status,td.commit{white-space:nowrap}
.status{font-weight:600}
.none{color:var(--faint);font-style:italic}
.left{border-left:4px solid var(--warn);padding-left:.6rem}
details{margin:.4rem 0}summary{cursor:pointer}
.means{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0 1rem;font-size:13px}
.means dd{margin:0}
@media(max-width:40rem){svg{min-width:32rem}.means{display:block}.means dt{font-weight:600}}
@media print{
:root{color-scheme:light;${variables(light)}}
@page{size:A4 landscape;margin:12mm}
body{font-size:10px;max-width:none;padding:0}
nav,details:not([open]){display:none}
.scroll{max-height:none;overflow:visible;border:0}
table{font-size:8px}
thead{display:table-header-group}
thead th{position:static}
td.text,td.ref,td.list,tbody th{min-width:0;overflow-wrap:anywhere}
tr,figure,.facts div{break-inside:avoid}
h2{break-after:avoid}
.charts{grid-template-columns:1fr 1fr}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
