import type { Model } from '../model/model.ts';
import type { Look, Picture } from '../picture/picture.ts';
import { borderColumns, borderRows, boxLines } from '../picture/pieces/box.ts';
import { type Line, rowOf } from '../picture/pieces/pieces.ts';
import { momentOf, shownFrame } from '../selection/selected.ts';
import { headerLine } from './above/header.ts';
import { routeLines } from './above/routes-panel.ts';
import { tabsLine } from './above/tabs.ts';
import { throughputLines } from './above/throughput.ts';
import { totalsLine } from './above/totals.ts';
import { type Arrangement, arrange } from './arrangement.ts';
import { footerLine } from './below/footer.ts';
import { logLines } from './below/log-tail.ts';
import { statusLine } from './below/status-line.ts';
import { dialogBox, isBoxed } from './boxes/dialog-box.ts';
import { fullViewLines, isFull } from './full-views/full-view.ts';
import { historyLines } from './full-views/history.ts';
import { listLines, listTitles } from './list/list.ts';
import { noticeLine, ruleLine } from './rule.ts';

interface Drawn {
  readonly lines: readonly Line[];
  readonly cursor: Picture['cursor'];
}

/**
 * The picture of a model: as many rows as the screen has, each exactly as wide as the screen. Pure, and never throws,
 * whatever the names are.
 */
export function render(model: Model, look: Look): Picture {
  const { columns, rows } = model.size;
  const arrangement = arrange(model, look);
  const { lines, cursor } = arrangement.isTiny ? { lines: [statusLine(model, look)], cursor: null } : whole(model, arrangement, look);
  const drawn = Array.from({ length: Math.max(0, rows) }, (_, index) => rowOf(lines[index] ?? [], columns, look));
  return { rows: drawn, cursor };
}

function whole(model: Model, arrangement: Arrangement, look: Look): Drawn {
  const above = [headerLine(model, look), ...arrangement.banners];
  const height = Math.max(0, model.size.rows - above.length - 1);
  const body = over(model, base(model, arrangement, height, look), height, look);
  return {
    lines: [...above, ...body.lines, footerLine(model, look)],
    cursor: body.cursor === null ? null : { ...body.cursor, row: body.cursor.row + above.length },
  };
}

/** What lies under a box: the topmost full view, else the list or the history. */
function base(model: Model, arrangement: Arrangement, height: number, look: Look): Drawn {
  const full = model.dialogs.findLast(isFull);
  const notice = isBoxed(model.dialogs.at(-1)) ? null : noticeLine(model, look);
  if (full !== undefined) {
    const lines = fullViewLines(model, full, height - (notice === null ? 0 : 1), look);
    return { lines: exactly(notice === null ? lines : [...lines, notice], height), cursor: null };
  }
  const head = aboveList(model, arrangement, notice, look);
  const rest = model.tab === 'history' ? historyLines(model, height - head.lines.length, look) : listAndPanels(model, arrangement, look);
  return { lines: exactly([...head.lines, ...rest], height), cursor: head.cursor };
}

/** Totals, tabs, and where there is room a line and the titles; what there is to say takes the place of what says least. */
function aboveList(model: Model, { layout }: Arrangement, notice: Line | null, look: Look): Drawn {
  const { line, cursor } = tabsLine(model, look);
  const isRoomy = layout.above >= 4;
  const totals = isRoomy ? totalsLine(model, look) : (notice ?? totalsLine(model, look));
  const isHistory = model.tab === 'history';
  const titles = isRoomy ? [notice ?? ruleLine(model, look), ...(isHistory ? [] : [listTitles(model, look)])] : [];
  return { lines: [totals, line, ...titles], cursor: cursor === null || model.dialogs.length > 0 ? null : { row: 1, column: cursor } };
}

function listAndPanels(model: Model, { layout }: Arrangement, look: Look): readonly Line[] {
  return [...listLines(model, layout.list, look), ...panelLines(model, layout.panels, look), ...logLines(model, layout.log, look)];
}

/** A box lies over the middle, and takes whole rows; what was last done or refused stands under it. */
function over(model: Model, under: Drawn, height: number, look: Look): Drawn {
  const dialog = model.dialogs.at(-1);
  if (!isBoxed(dialog)) return under;
  const notice = noticeLine(model, look);
  const room = height - (notice === null ? 0 : 1);
  const box = dialogBox(dialog, model.size.columns, room, look);
  const at = Math.max(0, Math.floor((room - box.lines.length) / 2));
  const rest = under.lines.slice(at + box.lines.length, room);
  const lines = [...under.lines.slice(0, at), ...box.lines, ...rest, ...(notice === null ? [] : [notice])];
  return { lines: exactly(lines, height), cursor: box.cursor === null ? null : { ...box.cursor, row: box.cursor.row + at } };
}

function exactly(lines: readonly Line[], height: number): readonly Line[] {
  return Array.from({ length: height }, (_, index) => lines[index] ?? []);
}

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
