import { type EndedFiles, isBeingRemoved, isHeldAtStart, type Journal, type JournalImage, type JournalRecord } from '@sluice/core';
import { assert, type FileId, isEnded, type RouteName, type TrackedFile } from '@sluice/core/model';
import { MemoryEnded } from './memory-ended.ts';
import { presentOutages } from './present-outages.ts';

/** Which files a journal may remove. */
export interface PruneRequest {
  /** Files that ended earlier are old. Milliseconds since the epoch. */
  readonly before: number;
  isAtSource(route: RouteName, source: string): boolean;
}

/** A journal that can also be pruned, which is what the agent uses. */
export interface PrunableJournal extends Journal {
  readonly ended: EndedFiles;
  prune(request: PruneRequest): { readonly files: number; readonly entries: number; readonly isDone: boolean };
}

/** A journal that lives as long as its `disk`, and fails when the test requires it. */
export interface MemoryJournal extends PrunableJournal {
  /** Everything that is committed, oldest first. */
  readonly records: readonly JournalRecord[];
  /** The newest record of every tracked file, oldest file first. */
  files(): TrackedFile[];
  /** Makes `append` throw an error with this code, as SQLite does (`SQLITE_FULL`). Null: no longer. */
  refuse(code: string | null): void;
}

/** What survives when a journal is closed, or its agent ends. */
export interface MemoryDisk {
  records: JournalRecord[];
  readonly files: Map<FileId, TrackedFile>;
  readonly ended: MemoryEnded;
  /** The number of the last record. Numbers continue after pruning. */
  lastSeq: number;
}

/** Returns an empty disk. */
export function createMemoryDisk(): MemoryDisk {
  return { records: [], files: new Map(), ended: new MemoryEnded(), lastSeq: 0 };
}

/** Opens a journal on a disk. */
export function createMemoryJournal(disk: MemoryDisk = createMemoryDisk()): MemoryJournal {
  let isClosed = false;
  let refusal: string | null = null;
  return {
    get records() {
      return disk.records;
    },
    files: () => [...disk.files.values()],
    ended: disk.ended,
    refuse(code) {
      refusal = code;
    },
    append(records) {
      assert(!isClosed, 'the journal is closed');
      if (refusal !== null) throw Object.assign(new Error(`the journal refuses: ${refusal}`), { code: refusal });
      judge(disk, records);
      for (const record of records) write(disk, record);
    },
    load() {
      assert(!isClosed, 'the journal is closed');
      return imageOf(disk);
    },
    close() {
      isClosed = true;
    },
    prune(request) {
      assert(!isClosed, 'the journal is closed');
      return prune(disk, request);
    },
  };
}

function fileOf(record: JournalRecord): TrackedFile | null {
  return record.kind === 'transition' || record.kind === 'file_fact' ? record.file : null;
}

function write(disk: MemoryDisk, record: JournalRecord): void {
  disk.records.push(record);
  disk.lastSeq = record.seq;
  const file = fileOf(record);
  if (file === null) return;
  disk.files.set(file.id, file);
  disk.ended.put(file);
}

/** Checks all records before anything is written: a batch is written completely or not at all. */
function judge(disk: MemoryDisk, records: readonly JournalRecord[]): void {
  const changed = new Map<FileId, TrackedFile>();
  const live = new Map<string, FileId>();
  for (const file of disk.files.values()) if (!isEnded(file.status)) live.set(keyOf(file), file.id);
  for (const [index, record] of records.entries()) {
    const last = disk.lastSeq + index;
    assert(record.seq === last + 1, `journal record ${record.seq} does not follow ${last}`);
    const file = fileOf(record);
    if (file === null) continue;
    const from = record.kind === 'transition' ? record.from : file.status;
    if (record.kind === 'transition') assert(record.to === file.status, `record ${record.seq} says ${record.to} of a ${file.status} file`);
    assertFollows(from, file, changed.get(file.id) ?? disk.files.get(file.id));
    changed.set(file.id, file);
    keepOneLive(live, file);
  }
}

function assertFollows(from: string | null, file: TrackedFile, before: TrackedFile | undefined): void {
  if (from === null) assert(before === undefined, `the tracked-file id ${file.id} is used already`);
  else if (before === undefined) assert(isEnded(file.status), `tracked file ${file.id} (${from}) is not in the journal`);
  if (before === undefined) return;
  assert(before.status === from, `tracked file ${file.id} is ${before.status} in the journal, not ${from}`);
  assert(keyOf(before) === keyOf(file), `the id ${file.id} is another file's`);
}

function keepOneLive(live: Map<string, FileId>, file: TrackedFile): void {
  const key = keyOf(file);
  const owner = live.get(key);
  if (!isEnded(file.status)) {
    assert(owner === undefined || owner === file.id, `two live files for ${file.source}`);
    live.set(key, file.id);
  } else if (owner === file.id) live.delete(key);
}

function keyOf(file: TrackedFile): string {
  return JSON.stringify([file.route, file.source]);
}

function imageOf(disk: MemoryDisk): JournalImage {
  const newest = newestOfSources(disk);
  const facts = new Map<string, Extract<JournalRecord, { kind: 'route_fact' }>>();
  for (const record of disk.records) if (record.kind === 'route_fact') facts.set(JSON.stringify([record.route, record.key]), record);
  return {
    nextSeq: disk.lastSeq + 1,
    files: [...disk.files.values()].filter((file) => isBeingRemoved(file) || (newest.get(keyOf(file)) === file.id && isHeldAtStart(file))),
    routeFacts: [...facts.values()].sort((a, b) => a.seq - b.seq),
    usedNames: [...disk.files.values()].filter(hasName).map(({ id, route, destination }) => ({ route, destination, fileId: id })),
    ...presentOutages(disk.records),
  };
}

/** A map keeps the order of its keys: the last file of a source is its newest. */
function newestOfSources(disk: MemoryDisk): Map<string, FileId> {
  return new Map([...disk.files.values()].map((file) => [keyOf(file), file.id]));
}

function hasName(file: TrackedFile): boolean {
  return file.status === 'FAILED' && file.left === file.destination;
}

function prune(disk: MemoryDisk, { before, isAtSource }: PruneRequest): ReturnType<PrunableJournal['prune']> {
  const newest = newestOfSources(disk);
  const last = disk.records.at(-1);
  const owner = last === undefined ? null : (fileOf(last)?.id ?? null);
  const old = [...disk.files.values()].filter((file) => {
    if (file.endedAt === null || file.endedAt >= before || file.id === owner) return false;
    if (newest.get(keyOf(file)) !== file.id) return !isBeingRemoved(file);
    if (isOwing(file)) return false;
    return file.status === 'REMOVED' || file.sourceGone || !isAtSource(file.route, file.source);
  });
  const gone = new Set(old.map((file) => file.id));
  const kept = disk.records.filter((record) => {
    const file = fileOf(record);
    return file === null || !gone.has(file.id);
  });
  const entries = disk.records.length - kept.length;
  disk.records = kept;
  for (const id of gone) {
    disk.files.delete(id);
    disk.ended.delete(id);
  }
  return { files: gone.size, entries, isDone: true };
}

function isOwing(file: TrackedFile): boolean {
  if (file.leftParts.length > 0 || file.toMark.length > 0 || (file.leftovers ?? []).length > 0) return true;
  return 'afterCopy' in file && (file.afterCopy === 'pending' || file.afterCopy === 'failed');
}
