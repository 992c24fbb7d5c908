import type { Model } from '../../model/model.ts';
import type { Look } from '../../picture/picture.ts';
import { borderColumns, borderRows, boxLines } from '../../picture/pieces/box.ts';
import { type Line } from '../../picture/pieces/pieces.ts';
import { shownFrame } from '../../selection/selected.ts';
import { momentOf } from '../words/moment.ts';
import { routeLines } from './routes-panel.ts';
import { throughputLines } from './throughput.ts';

const routesShare = 0.475;

/** Routes and throughput beside one another, with an empty row above; exactly `height` lines. */
export function panelLines(model: Model, height: number, look: Look): readonly Line[] {
  const { columns } = model.size;
  const inner = height - borderRows - 1;
  if (inner < 1) return Array.from({ length: Math.max(0, height) }, (): Line => []);
  const left = Math.floor(columns * routesShare);
  const right = columns - left;
  const frame = shownFrame(model);
  const routes = routeLines(frame?.routes ?? [], momentOf(model), left - borderColumns, inner, look);
  const bars = throughputLines(frame?.throughput ?? [], right - borderColumns, inner, look);
  const routesBox = boxLines('ROUTES', exactly(routes, inner), left, look);
  const barsBox = boxLines('THROUGHPUT 10 min', exactly(bars, inner), right, look);
  return [[], ...routesBox.map((line, index): Line => [...line, ...(barsBox[index] ?? [])])];
}

function exactly(lines: readonly Line[], height: number): readonly Line[] {
  return Array.from({ length: height }, (_, index) => lines[index] ?? []);
}
