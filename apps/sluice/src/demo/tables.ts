import type { Note } from '@sluice/agent';
import type { FileJson } from '@sluice/control';
import { sizeText, stateWord, table } from '@sluice/words';
import type { Compared, Promised } from './promises.ts';

const wideColumns = 160;

/**
 * Returns a table of every tracked file with its states, sizes and hashes.
 * @param columns of the terminal: on a narrow one hashes are cut, and only the last state is shown
 */
export function fileTable(
  notes: readonly Note[],
  files: readonly FileJson[],
  compared: readonly Compared[],
  columns = wideColumns,
): string[] {
  const isNarrow = columns < wideColumns;
  const states = (file: FileJson): string =>
    isNarrow
      ? stateWord(file.status)
      : notes.flatMap((note) => (note.event === 'transition' && note.file.id === file.id ? [stateWord(note.to)] : [])).join(' > ');
  const hash = (file: FileJson): string => compared.find((each) => each.file.id === file.id)?.sha256 ?? '-';
  return [
    '',
    ...table(
      [
        { title: 'ID', cell: (file: FileJson) => file.id.slice(0, 8) },
        { title: 'SOURCE', cell: (file) => file.source },
        { title: 'DESTINATION', cell: (file) => file.destination },
        { title: 'SIZE', cell: (file) => sizeText(file.sizeBytes), align: 'right' },
        ...(isNarrow ? [] : [{ title: 'XXH64', cell: (file: FileJson) => file.hash?.value ?? '-' }]),
        { title: 'SHA-256', cell: (file) => (isNarrow ? hash(file).slice(0, 12) : hash(file)) },
        { title: 'STATES', cell: (file) => (file.error === null ? states(file) : `${states(file)} at ${file.error.percent}%`) },
      ],
      files,
    ),
  ];
}

/** Returns a table of the promises. */
export function promiseTable(promises: readonly Promised[]): string[] {
  const widest = Math.max(...promises.map(({ verdict }) => verdict.length));
  return ['', ...promises.map(({ promise, verdict, seen }) => `${verdict.padEnd(widest)}  ${promise} (${seen})`)];
}
