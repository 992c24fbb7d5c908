import type { FileJson } from '@sluice/control';
import { type Column, table } from './figures/columns.ts';
import { sizeText } from './figures/figures.ts';
import { reasonOf } from './states/reason.ts';

const columns: readonly Column<FileJson>[] = [
  { title: 'STATE', cell: (file) => file.status },
  { title: 'ID', cell: (file) => file.id.slice(0, 8) },
  { title: 'SOURCE', cell: (file) => file.source },
  { title: 'AS', cell: (file) => (file.destination === file.source ? '' : file.destination) },
  { title: 'SIZE', cell: (file) => sizeText(file.sizeBytes), align: 'right' },
  { title: '', cell: (file) => reasonOf(file) },
];

export function fileLines(files: readonly FileJson[]): string[] {
  return table(columns, files);
}
