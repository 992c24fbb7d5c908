import type { FileJson, Note } from '@sluice/agent';
import { table } from '../text/columns.ts';
import { sizeText } from '../text/size.ts';
import type { Compared, Promised } from './proof.ts';

/** Every tracked file with its states, sizes and hashes. */
export function fileTable(notes: readonly Note[], files: readonly FileJson[], compared: readonly Compared[]): string[] {
  const states = (file: FileJson): string =>
    notes.flatMap((note) => (note.event === 'transition' && note.file.id === file.id ? [note.to] : [])).join(' > ');
  const hash = (file: FileJson): string => compared.find((each) => each.file.id === file.id)?.sha256 ?? '-';
  return [
    '',
    ...table(
      [
        { title: 'ID', cell: (file: FileJson) => file.id.slice(0, 8) },
        { title: 'SOURCE', cell: (file) => file.source },
        { title: 'DESTINATION', cell: (file) => file.destination },
        { title: 'SIZE', cell: (file) => sizeText(file.sizeBytes), align: 'right' },
        { title: 'XXH64', cell: (file) => file.hash?.value ?? '-' },
        { title: 'SHA-256', cell: (file) => hash(file) },
        { title: 'STATES', cell: (file) => (file.error === null ? states(file) : `${states(file)} at ${file.error.percent}%`) },
      ],
      files,
    ),
  ];
}

export function promiseTable(promises: readonly Promised[]): string[] {
  const widest = Math.max(...promises.map(({ verdict }) => verdict.length));
  return ['', ...promises.map(({ promise, verdict, seen }) => `${verdict.padEnd(widest)}  ${promise} (${seen})`)];
}
