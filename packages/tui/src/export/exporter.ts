import { homedir, tmpdir } from 'node:os';
import process from 'node:process';
import { wakingClock } from '@sluice/platform';
import { clockText, dayText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Intent, Message, PastExport } from '../model/model.ts';
import { csvText } from './csv.ts';
import { pastCount } from './export-lines.ts';
import { newPath, writeNew } from './new-file.ts';
import { pastTable } from './past-table.ts';

type ExportIntent = Extract<Intent, { do: 'find_path' | 'export' }>;

/** Finds a path for an export, and writes it. An error is returned as a message. */
export type Exporter = (intent: ExportIntent) => Promise<Message>;

/** Returns an exporter. @param folders in which it may be written, the best first */
export function createExporter(folders: () => readonly string[], now: () => number = Date.now): Exporter {
  return (intent) => (intent.do === 'find_path' ? findPath(intent, folders(), now()) : write(intent));
}

async function findPath(
  { past, avoid }: Extract<ExportIntent, { do: 'find_path' }>,
  folders: readonly string[],
  now: number,
): Promise<Message> {
  for (const folder of folders) {
    const path = await within(newPath(folder, avoid, nameOf(past, now)), limits.findPathDeadlineMs).catch(ignoreSilent);
    if (path !== null) return { kind: 'path_found', past, path };
  }
  return failed(`cannot export: no file can be written in ${folders.join(', ')}`);
}

/** A folder that does not answer is skipped. */
function ignoreSilent(error: unknown): null {
  if (error instanceof Overdue) return null;
  throw error;
}

async function write({ past, path }: Extract<ExportIntent, { do: 'export' }>): Promise<Message> {
  try {
    await within(writeNew(path, csvText(pastTable(past))), limits.writeDeadlineMs);
    return { kind: 'exported', path, count: pastCount(past) };
  } catch (error) {
    return failed(`cannot write ${path}: ${whyOf(error)}`);
  }
}

/** Returns `sluice-history-7d-2026-11-23-140231.csv`, in local time. */
function nameOf({ range }: PastExport, now: number): string {
  return `sluice-history-${range}-${dayText(now)}-${clockText(now).replaceAll(':', '')}.csv`;
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'a file with this name exists now, and Sluice does not replace it; export again',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is read-only',
  ENOENT: 'the folder no longer exists',
};

function whyOf(error: unknown): string {
  if (error instanceof Overdue) return 'the folder does not answer; the file may be incomplete';
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : reasons[code]) ?? message;
}

function failed(text: string): Message {
  return { kind: 'done', text, isBad: true };
}

/** Returns the folders in which a file may be written, the best first. */
export function systemFolders(): readonly string[] {
  return [currentFolder, homedir, tmpdir].flatMap((of) => of() ?? []);
}

/** The current folder may have been removed. */
function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** A call did not end in time. */
class Overdue extends Error {}

/**
 * Returns the result of work that ends within this time; a later result is ignored.
 * @throws Overdue
 */
async function within<Of>(work: Promise<Of>, ms: number): Promise<Of> {
  const { promise, reject } = Promise.withResolvers<never>();
  const callOff = wakingClock.after(ms, () => reject(new Overdue(`not within ${ms} ms`)));
  try {
    return await Promise.race([work, promise]);
  } finally {
    callOff();
  }
}
