import type { Cells, Run } from './cells.ts';
import { colourOf } from './palette.ts';

/** The size of a cell, in the units of the picture. */
const cell = { width: 8.43, height: 18, size: 14, baseline: 13 };
const margin = { side: 14, top: 38, bottom: 12 };
const paper = '#12161c';
const ink = '#d4d8de';
const edge = '#39414c';

const fonts = "ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/** Draws a terminal as SVG. Its text stays text, and every run stays in its columns whatever the font is. */
export function svgOf({ columns, rows }: Cells): string {
  const width = round(columns * cell.width + 2 * margin.side);
  const height = rows.length * cell.height + margin.top + margin.bottom;
  const lines = rows.flatMap((runs, row) => [...runs.flatMap((run) => backgroundOf(run, row)), ...runs.flatMap((run) => textOf(run, row))]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The screen of Sluice in an outage">`,
    `<style>text{font:${cell.size}px ${fonts};fill:${ink};white-space:pre}rect{shape-rendering:crispEdges}rect:first-of-type{shape-rendering:auto}.b{font-weight:700}</style>`,
    `<rect x=".5" y=".5" width="${round(width - 1)}" height="${height - 1}" rx="9" fill="${paper}" stroke="${edge}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map((colour, index) => `<circle cx="${20 + index * 18}" cy="19" r="5.5" fill="${colour}"/>`),
    `<text x="${round(width / 2)}" y="23.5" text-anchor="middle" style="fill:#8b94a1">$ sluice demo</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

function backgroundOf({ column, width, background }: Run, row: number): string[] {
  if (background === null) return [];
  const [x, y] = [left(column), margin.top + row * cell.height];
  return [`<rect x="${x}" y="${y}" width="${round(width * cell.width)}" height="${cell.height}" fill="${colourOf(background)}"/>`];
}

/** Returns a run without the blanks around it, divided at wide gaps, which then need not be stretched. */
function textOf(run: Run, row: number): string[] {
  const y = margin.top + row * cell.height + cell.baseline;
  const style = `${run.isBold ? ' class="b"' : ''}${run.foreground === null ? '' : ` style="fill:${colourOf(run.foreground)}"`}`;
  return [...run.text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: text, index }) => {
    const length = round(text.length * cell.width);
    return `<text x="${left(run.column + index)}" y="${y}" textLength="${length}"${style}>${escaped(text)}</text>`;
  });
}

function left(column: number): number {
  return round(margin.side + column * cell.width);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
