import { isFull } from '../model/full.ts';
import type { Model } from '../model/model.ts';
import { momentOf, shownFrame } from '../model/shown.ts';
import type { Picture, Theme, Tone } from '../picture/picture.ts';
import { borderColumns, borderRows, boxLines } from '../picture/pieces/box.ts';
import { type Line, rowOf } from '../picture/pieces/pieces.ts';
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
import { fullViewLines } from './full-views/full-view.ts';
import { historyLines } from './full-views/history.ts';
import { noticeLine, ruleLine } from './horizontal-rule.ts';
import { listLines, listTitles } from './list/list.ts';

interface Drawn {
  readonly lines: readonly Line[];
  readonly cursor: Picture['cursor'];
}

/**
 * Returns the picture of a model: as many rows as the screen has, each exactly as wide as the screen. Pure, and never throws,
 * whatever the names are.
 */
export function render(model: Model, theme: Theme): Picture {
  const { columns, rows } = model.size;
  const arrangement = arrange(model, theme);
  const { lines, cursor } = arrangement.isTiny ? { lines: [statusLine(model, theme)], cursor: null } : whole(model, arrangement, theme);
  const drawn = Array.from({ length: Math.max(0, rows) }, (_, index) => rowOf(lines[index] ?? [], columns, theme));
  return { rows: drawn, cursor };
}

function whole(model: Model, arrangement: Arrangement, theme: Theme): Drawn {
  const above = [headerLine(model, theme), ...arrangement.banners];
  const height = Math.max(0, model.size.rows - above.length - 1);
  const body = over(model, base(model, arrangement, height, theme), height, theme);
  return {
    lines: [...above, ...body.lines, footerLine(model, theme)],
    cursor: body.cursor === null ? null : { ...body.cursor, row: body.cursor.row + above.length },
  };
}

/** Returns what is under a box: the topmost full view, else the list or the history. */
function base(model: Model, arrangement: Arrangement, height: number, theme: Theme): Drawn {
  const full = model.dialogs.findLast(isFull);
  const notice = isBoxed(model.dialogs.at(-1)) ? null : noticeLine(model, theme);
  if (full !== undefined) {
    const lines = fullViewLines(model, full, height - (notice === null ? 0 : 1), theme);
    return { lines: exactly(notice === null ? lines : [...lines, notice], height), cursor: null };
  }
  const head = aboveList(model, arrangement, notice, theme);
  const rest = model.tab === 'history' ? historyLines(model, height - head.lines.length, theme) : listAndPanels(model, arrangement, theme);
  const lines = exactly([...head.lines, ...rest], height);
  return { lines: isStale(model) ? lines.map(faded) : lines, cursor: head.cursor };
}

const isStale = ({ link, frame }: Model): boolean => link.kind === 'lost' && frame !== null;

const lively: ReadonlySet<Tone> = new Set(['good', 'busy', 'warn', 'bad', 'plain']);

/** Removes the colours of present activity from an old picture. */
function faded(line: Line): Line {
  return line.map((each) => (lively.has(each.tone) ? { ...each, tone: 'dim' } : each));
}

/** Returns totals, tabs and, if there is room, a line and the titles. A notice replaces what is least needed. */
function aboveList(model: Model, { layout }: Arrangement, notice: Line | null, theme: Theme): Drawn {
  const { line, cursor } = tabsLine(model, theme);
  const isRoomy = layout.above >= 4;
  const totals = isRoomy ? totalsLine(model, theme) : (notice ?? totalsLine(model, theme));
  const isHistory = model.tab === 'history';
  const titles = isRoomy ? [notice ?? ruleLine(model, theme), ...(isHistory ? [] : [listTitles(model, theme)])] : [];
  return { lines: [totals, line, ...titles], cursor: cursor === null || model.dialogs.length > 0 ? null : { row: 1, column: cursor } };
}

function listAndPanels(model: Model, { layout }: Arrangement, theme: Theme): readonly Line[] {
  return [...listLines(model, layout.list, theme), ...panelLines(model, layout.panels, theme), ...logLines(model, layout.log, theme)];
}

/** Draws a box over the middle, which covers whole rows. The notice of the last action is shown below it. */
function over(model: Model, under: Drawn, height: number, theme: Theme): Drawn {
  const dialog = model.dialogs.at(-1);
  if (!isBoxed(dialog)) return under;
  const notice = noticeLine(model, theme);
  const room = height - (notice === null ? 0 : 1);
  const box = dialogBox(dialog, model.size.columns, room, theme);
  const at = Math.max(0, Math.floor((room - box.lines.length) / 2));
  const rest = under.lines.slice(at + box.lines.length, room);
  const lines = [...under.lines.slice(0, at), ...box.lines, ...rest, ...(notice === null ? [] : [notice])];
  return { lines: exactly(lines, height), cursor: box.cursor === null ? null : { ...box.cursor, row: box.cursor.row + at } };
}

function exactly(lines: readonly Line[], height: number): readonly Line[] {
  return Array.from({ length: height }, (_, index) => lines[index] ?? []);
}

const routesShare = 0.475;

/** Returns routes and throughput next to each other, with an empty row above, in exactly `height` lines. */
export function panelLines(model: Model, height: number, theme: Theme): readonly Line[] {
  const { columns } = model.size;
  const inner = height - borderRows - 1;
  if (inner < 1) return Array.from({ length: Math.max(0, height) }, (): Line => []);
  const left = Math.floor(columns * routesShare);
  const right = columns - left;
  const frame = shownFrame(model);
  const routes = routeLines(frame?.routes ?? [], momentOf(model), left - borderColumns, inner, theme);
  const bars = throughputLines(frame?.throughput ?? [], frame?.totals.bytesPerSecond ?? 0, right - borderColumns, inner, theme);
  const routesBox = boxLines('ROUTES', exactly(routes, inner), left, theme);
  const barsBox = boxLines('THROUGHPUT 10 min, MB/s', exactly(bars, inner), right, theme);
  return [[], ...routesBox.map((line, index): Line => [...line, ...(barsBox[index] ?? [])])];
}
