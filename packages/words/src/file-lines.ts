import { type FileView, reasonOf, sizeText } from '@sluice/core';
import { type Column, table } from './columns.ts';

const columns: readonly Column<FileView>[] = [
  { title: 'STATE', cell: (file) => file.status },
  { title: 'ID', cell: (file) => file.id.slice(0, 8) },
  { title: 'SOURCE', cell: (file) => file.source },
  { title: 'AS', cell: (file) => (file.destination === file.source ? '' : file.destination) },
  { title: 'SIZE', cell: (file) => sizeText(file.sizeBytes), align: 'right' },
  { title: '', cell: (file) => reasonOf(file) },
];

export function fileLines(files: readonly FileView[]): string[] {
  return table(columns, files);
}
