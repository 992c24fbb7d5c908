import { type EndedFiles, isBeingRemoved, isHeldAtStart, type Journal, type JournalImage, type JournalRecord } from '@sluice/core';
import type { FileId, TrackedFile } from '@sluice/core/model';
import { MemoryEnded, presentOutages } from '@sluice/testkit';

/** A journal that survives its agent. It can refuse, be lost, or end its agent at a commit. */
export interface SimJournal extends Journal {
  readonly records: JournalRecord[];
  /** The newest record of every tracked file ever. */
  readonly newest: ReadonlyMap<FileId, TrackedFile>;
  readonly ended: EndedFiles;
  /** Makes commits fail with this code. Null: no longer. */
  setTrouble(code: string | null): void;
  /** Loses the database; a new one begins. */
  lose(): void;
  /** Calls `told` with every record as it is committed. */
  onRecord(told: (record: JournalRecord) => void): void;
}

/** Returns an empty journal. */
export function createSimJournal(): SimJournal {
  const records: JournalRecord[] = [];
  const newest = new Map<FileId, TrackedFile>();
  const ended = new MemoryEnded();
  const listeners: ((record: JournalRecord) => void)[] = [];
  let trouble: string | null = null;
  return {
    records,
    newest,
    ended,
    setTrouble: (code) => void (trouble = code),
    lose() {
      records.length = 0;
      newest.clear();
      ended.clear();
    },
    onRecord: (told) => void listeners.push(told),
    append(added) {
      if (trouble !== null) throw Object.assign(new Error('simulated'), { code: trouble });
      for (const record of added) {
        if (record.seq !== records.length + 1) throw new Error(`record ${record.seq} after ${records.length}`);
        records.push(record);
        if (record.kind === 'transition' || record.kind === 'file_fact') {
          newest.set(record.file.id, record.file);
          ended.put(record.file);
        }
        for (const listener of listeners) listener(record);
      }
    },
    load: () => imageOf(records, newest),
    close: () => {},
  };
}

/** Returns what a real journal loads: the newest file of each source path that core has to hold, and the names of what failed. */
function imageOf(records: readonly JournalRecord[], newest: ReadonlyMap<FileId, TrackedFile>): JournalImage {
  const bySource = new Map<string, TrackedFile>();
  const facts = new Map<string, Extract<JournalRecord, { kind: 'route_fact' }>>();
  for (const file of newest.values()) bySource.set(keyOf(file), file);
  for (const record of records) if (record.kind === 'route_fact') facts.set(`${record.route}\0${record.key}`, record);
  const usedNames = [...newest.values()]
    .filter((file) => file.status === 'FAILED' && file.left !== null)
    .map((file) => ({ route: file.route, destination: file.destination, fileId: file.id }));
  return {
    nextSeq: records.length + 1,
    files: [...newest.values()].filter((file) => isBeingRemoved(file) || (bySource.get(keyOf(file)) === file && isHeldAtStart(file))),
    routeFacts: [...facts.values()],
    usedNames,
    ...presentOutages(records),
  };
}

function keyOf({ route, source }: TrackedFile): string {
  return `${route}\0${source}`;
}
