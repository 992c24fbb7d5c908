import type { FileJson } from '@sluice/control';
import { momentText } from './figures/clock.ts';
import { type Column, type TableOptions, table } from './figures/columns.ts';
import { sizeText } from './figures/figures.ts';
import { reasonOf } from './states/file-reason.ts';
import type { ShownHold } from './states/held.ts';
import { stateTone, stateWord } from './states/state-word.ts';

const route: Column<FileJson> = { title: 'ROUTE', cell: (file) => file.route };
/** On terminals with fewer columns, the year and the seconds are left out. */
const roomyColumns = 100;

export interface FileTableOptions extends TableOptions {
  /** Holds of routes, by name. They also give the words for a file of a held route that an operator skipped. */
  readonly holds?: ReadonlyMap<string, ShownHold>;
}

const columns = (isNarrow: boolean, holds: FileTableOptions['holds']): readonly Column<FileJson>[] => [
  { title: 'STATE', cell: (file) => stateWord(file.status), tone: stateTone },
  { title: 'ID', cell: (file) => file.id.slice(0, 8) },
  { title: 'WHEN', cell: (file) => whenText(file, isNarrow) },
  { title: 'SOURCE', cell: (file) => file.source, gives: 'middle' },
  { title: 'AS', cell: (file) => (file.destination === file.source ? '' : file.destination), gives: 'middle' },
  { title: 'SIZE', cell: (file) => sizeText(file.sizeBytes), align: 'right' },
  {
    title: '',
    cell: (file) => reasonOf(file, { routeHold: holds === undefined ? undefined : (holds.get(file.route) ?? null) }),
    gives: 'end',
    tone: (file) => (stateTone(file) === 'bad' ? 'bad' : null),
  },
];

/**
 * Returns the lines of a table of files, with the local time when each ended, or else was found. The route is named if there are
 * several.
 */
export function fileLines(files: readonly FileJson[], options: FileTableOptions = {}): string[] {
  const isMany = files.some((file) => file.route !== files[0]?.route);
  const { width = null, holds } = options;
  const own = columns(width !== null && width < roomyColumns, holds);
  return table(isMany ? [route, ...own] : own, files, options);
}

function whenText({ endedAt, discoveredAt }: FileJson, isShort: boolean): string {
  const text = momentText(endedAt ?? discoveredAt);
  return isShort ? text.slice('2026-'.length, '2026-11-23 14:02'.length) : text;
}
