import { countText } from '@sluice/words';
import type { HistoryRange, PastExport } from '../model/model.ts';

/** Returns what an export will do, before it is confirmed. */
export function exportLines(past: PastExport, path: string): readonly string[] {
  const filter = past.filter === '' ? '' : `, filter ${past.filter}`;
  return [`Write ${pastCount(past)} to a new file?`, path, `As shown: ${times[past.range]}${filter}. A table (CSV) for a spreadsheet.`];
}

/** Returns `412 files and 2 outages`, with a remark if these are not all files. */
export function pastCount({ files, outages, newest }: PastExport): string {
  const cut = newest === null ? '' : ` (of the newest ${countText(newest)} only)`;
  return `${counted(files.length, 'file')}${cut} and ${counted(outages.length, 'outage')}`;
}

const times: Readonly<Record<HistoryRange, string>> = {
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
  all: 'everything in the journal',
};

function counted(count: number, one: string): string {
  return `${countText(count)} ${one}${count === 1 ? '' : 's'}`;
}
