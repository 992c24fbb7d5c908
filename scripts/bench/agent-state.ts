import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CoreState, type JournalRecord, restoreState } from '@sluice/core';
import { fileOf } from '@sluice/core/fixtures';
import { fileId, type TrackedFile } from '@sluice/core/model';
import { openJournal, type WritableJournal } from '@sluice/persistence';
import { systemClock } from '../../packages/agent/src/clock.ts';
import { coreSettings, ingest } from '../../packages/core/test/support/settings.ts';

/** The number of files in core, and of those in the journal. */
export const fileCount = 100_000;
const maxMoving = 16;
const movedBytes = 1_000;

/** Returns core's state with 100,000 files, the first sixteen of them being copied, and a destination that answers. */
export function manyFiles(): CoreState {
  const common = { route: ingest, nameReason: null, nameNumber: 0, recoveryOf: null };
  const files = Array.from({ length: fileCount }, (_, index): TrackedFile => {
    const name = `day${index % 300}/clip${index}.mxf`;
    const fingerprint = { sizeBytes: 1_000_000 + ((index * 7919) % 1_000_003), mtimeNs: '1' };
    const own = { ...common, id: fileId(idOf(index)), source: name, destination: name, fingerprint };
    if (index < maxMoving) return fileOf('COPYING', { ...own, copiedBytes: 0, bytesPerSecond: 4_000 });
    return index % 5 === 0 ? fileOf('COMPLETED', own) : fileOf('READY', own);
  });
  const image = { nextSeq: 1, files, routeFacts: [], usedNames: [] };
  const at = systemClock.monotonic();
  const wall = systemClock.wall();
  const state = restoreState({ settings: coreSettings({}), image, untilIdle: false, at, wall });
  for (const { gate } of state.routes.values()) {
    Object.assign(gate, { state: 'open', since: wall, cause: null, code: null, finding: { kind: 'answers' } });
  }
  return state;
}

/** Sends progress reports of the copies. @param count at most sixteen */
export function moveCopies(state: CoreState, count: number): void {
  for (let index = 0; index < Math.min(count, maxMoving); index += 1) {
    const before = state.files.get(fileId(idOf(index)));
    if (before?.status !== 'COPYING') continue;
    const copiedBytes = (before.copiedBytes + movedBytes * (index + 1)) % before.fingerprint.sizeBytes;
    state.files.set(before.id, { ...before, copiedBytes, bytesPerSecond: 4_000 + (copiedBytes % 977) });
  }
}

/** Returns a journal with as many files that ended lately and that core has dropped. @param folder null: a temporary folder */
export function filledJournal(folder: string | null): { readonly journal: WritableJournal; readonly end: () => void } {
  const root = folder ?? mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const journal = openJournal({ path: join(root, 'journal.db'), now: systemClock.wall });
  journal.database.pragma('synchronous = OFF');
  const at = systemClock.wall();
  for (let from = 0; from < fileCount; from += 1_000) {
    journal.append(Array.from({ length: 1_000 }, (_, index) => endedRecord(from + index, at)));
  }
  const end = (): void => {
    journal.close();
    if (folder === null) rmSync(root, { recursive: true });
  };
  return { journal, end };
}

function endedRecord(number: number, at: number): JournalRecord {
  const name = `gone/clip${number}.mxf`;
  const own = { id: fileId(idOf(number, '8')), route: ingest, source: name, destination: name, recoveryOf: null, endedAt: at - number };
  const file = fileOf('COMPLETED', own);
  return { kind: 'transition', seq: number + 1, at, event: { kind: 'found' }, from: null, to: file.status, file };
}

function idOf(number: number, variant = '9'): string {
  return `${number.toString(16).padStart(8, '0')}-0000-4000-${variant}000-000000000000`;
}

/** Changes each of these files by a byte. @returns the records of the changes */
export function touchRows(state: CoreState, ids: readonly string[]): JournalRecord[] {
  return ids.flatMap((id): JournalRecord[] => {
    const before = state.files.get(fileId(id));
    if (before === undefined) return [];
    const { sizeBytes, mtimeNs } = before.fingerprint;
    const file = { ...before, fingerprint: { sizeBytes: sizeBytes + 1, mtimeNs } };
    state.files.set(file.id, file);
    return [{ kind: 'file_fact', seq: 0, at: systemClock.wall(), event: { kind: 'source_changes' }, file }];
  });
}
