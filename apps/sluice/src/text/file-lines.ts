import type { FileView } from '@sluice/core';
import { type Column, table } from './columns.ts';
import { sizeText } from './size.ts';

const columns: readonly Column<FileView>[] = [
  { title: 'STATE', cell: (file) => file.status },
  { title: 'ID', cell: (file) => file.id.slice(0, 8) },
  { title: 'SOURCE', cell: (file) => file.source },
  { title: 'AS', cell: (file) => (file.destination === file.source ? '' : file.destination) },
  { title: 'SIZE', cell: (file) => sizeText(file.sizeBytes), align: 'right' },
  { title: '', cell: reason },
];

/** Why a file is where it is, in the operator's words. */
export function reason(file: FileView): string {
  if (file.error !== null) return file.error.operator;
  switch (file.hold) {
    case 'network':
      return 'waits for the destination';
    case 'space':
      return 'waits for room';
    case 'backoff':
      return 'waits for its next attempt';
    case 'operator':
      return 'held by an operator';
    case 'needs_you':
      return file.nameValid ? 'needs you' : 'needs you: its name cannot be carried';
    case null:
      return progress(file);
  }
}

function progress(file: FileView): string {
  switch (file.status) {
    case 'COPYING':
      return `${file.percent}%`;
    case 'GROWING_COPY':
      return file.phase === 'following' ? `recording, ${sizeText(file.behindBytes ?? 0)} behind` : `${file.phase}`;
    case 'COMPLETED':
      return file.copied === false ? 'was there already' : verifiedAs(file);
    case 'GROWING':
      return 'still changing';
    default:
      return '';
  }
}

function verifiedAs(file: FileView): string {
  if (file.readback === 'direct') return 'verified';
  return file.readback === 'cached' ? 'verified (cache only)' : 'size only';
}

export function fileLines(files: readonly FileView[]): string[] {
  return table(columns, files);
}
