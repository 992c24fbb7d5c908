import type { FileJson, OutageJson } from '@sluice/control';
import type { PastExport } from '../model/model.ts';
import type { Cell } from './csv.ts';

type Ended = Pick<PastExport, 'files' | 'outages'>;

interface Column {
  readonly title: string;
  readonly file: (file: FileJson) => Cell;
  /** The cell of an outage. Absent: empty. */
  readonly outage?: (outage: OutageJson) => Cell;
}

/** Times are in RFC 3339, sizes in bytes. A name is written in the form that a screen may show; the id identifies the file exactly. */
const columns: readonly Column[] = [
  { title: 'kind', file: () => 'file', outage: () => 'outage' },
  { title: 'route', file: ({ route }) => route, outage: ({ route }) => route },
  { title: 'source', file: ({ source }) => source },
  { title: 'destination', file: ({ destination }) => destination },
  { title: 'state', file: ({ status }) => status },
  { title: 'sizeBytes', file: ({ sizeBytes }) => sizeBytes },
  { title: 'copiedBytes', file: ({ copiedBytes }) => copiedBytes },
  { title: 'startedAt', file: ({ startedAt }) => startedAt, outage: ({ since }) => since },
  { title: 'endedAt', file: ({ endedAt }) => endedAt, outage: ({ until }) => until },
  // With the algorithm before it, a spreadsheet does not read the digits as a number.
  { title: 'hash', file: ({ hash }) => (hash === null ? null : `${hash.algorithm}:${hash.value}`) },
  { title: 'readback', file: ({ readback }) => readback },
  { title: 'errorKind', file: ({ error }) => error?.kind ?? null, outage: ({ cause }) => cause },
  { title: 'errorCode', file: ({ error }) => error?.code ?? null, outage: ({ code }) => code },
  { title: 'sentence', file: ({ error }) => error?.operator ?? null, outage: ({ operator }) => operator },
  { title: 'attempt', file: ({ attempt }) => attempt },
  { title: 'id', file: ({ id }) => id },
  { title: 'recoveryOf', file: ({ recoveryOf }) => recoveryOf },
  { title: 'recoveredBy', file: ({ recoveredBy }) => recoveredBy },
];

/** Yields titles, then files, then outages, in one table. The first column distinguishes them. */
export function* pastTable({ files, outages }: Ended): Generator<readonly Cell[]> {
  yield columns.map(({ title }) => title);
  for (const each of files) yield columns.map(({ file }) => file(each));
  for (const each of outages) yield columns.map(({ outage }) => outage?.(each) ?? null);
}
