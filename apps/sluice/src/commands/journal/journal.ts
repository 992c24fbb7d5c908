import { isAbsolute, join, resolve } from 'node:path';
import { NotRunning } from '@sluice/control';
import { acquireAgentLock } from '@sluice/lock';
import { backupJournal, openJournal, openReader } from '@sluice/persistence';
import { errnoOf } from '@sluice/platform';
import { CommandError, clean, countText, exitCode, parseTime } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { sqliteAddon } from '../../packed/sqlite-addon.ts';
import { giver } from '../../requester.ts';
import { version } from '../../version.ts';
import { stateDirOf } from '../ask/agent-or-journal.ts';
import { ProgressLine } from '../audit/progress-line.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { csvLines, jsonLines } from './export.ts';
import { pagesOf } from './pages.ts';

interface ExportOptions extends WhereOptions {
  readonly json?: boolean;
}

interface PruneOptions extends WhereOptions {
  readonly before?: string;
  readonly reason?: string;
}

export function addJournal({ command, does }: Program): void {
  const journal = command.command('journal').description('check, back up, export or shorten the journal');
  addWhereOptions(journal.command('check')).description('read the whole journal and verify every row; changes nothing').action(does(check));
  addWhereOptions(journal.command('backup'))
    .description('copy the journal into one file, also while the agent runs; never replaces a file')
    .argument('<file>', 'the copy')
    .action(does(backup));
  addWhereOptions(journal.command('export'))
    .description('print every file of the journal, newest first, as CSV')
    .option('--json', 'print one JSON object per line, each with its timeline')
    .action(does(exportAll));
  addWhereOptions(journal.command('prune'))
    .description('remove what ended long ago, also while the agent runs')
    .option('--before <time>', 'what ended before then: a date, 90d, RFC 3339')
    .option('--reason <text>', 'why, for the journal')
    .action(does(prune));
}

async function check(options: WhereOptions): Promise<number> {
  const stateDir = await stateDirOf(options);
  const path = join(stateDir, 'journal.db');
  // Opening the journal verifies its pages, indexes and rows, regardless of its size.
  const reader = openReader({ path, nativeBinding: sqliteAddon(stateDir), checkedBytes: Number.POSITIVE_INFINITY });
  try {
    let files = 0;
    for (const page of pagesOf(reader)) {
      files += page.length;
      for (const { id } of page) reader.timeline(id);
    }
    await print([clean(`${path} is intact: ${countText(files)} tracked files, every row matches its checksum`)]);
  } finally {
    reader.close();
  }
  return exitCode.done;
}

async function backup(file: string, options: WhereOptions): Promise<number> {
  const stateDir = await stateDirOf(options);
  const to = isAbsolute(file) ? file : resolve(file);
  const line = new ProgressLine();
  try {
    await backupJournal(
      { path: join(stateDir, 'journal.db'), nativeBinding: sqliteAddon(stateDir) },
      to,
      ({ totalPages, remainingPages }) => {
        const bytes = (totalPages - remainingPages) * limits.databasePageBytes;
        line.show({ files: 0, bytes, allFiles: 1, allBytes: totalPages * limits.databasePageBytes });
      },
    );
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') throw new CommandError(`${to} is there already; give a name that is free`, exitCode.badUsage);
    if (error instanceof Error && 'syscall' in error)
      throw new CommandError(`the journal cannot be copied to ${to}: ${code}`, exitCode.notAsAsked);
    throw error;
  } finally {
    line.clear();
  }
  await print([clean(`${to} is a complete, checked copy of the journal`)]);
  return exitCode.done;
}

async function exportAll(options: ExportOptions): Promise<number> {
  const stateDir = await stateDirOf(options);
  const reader = openReader({ path: join(stateDir, 'journal.db'), nativeBinding: sqliteAddon(stateDir) });
  try {
    await print(options.json === true ? jsonLines(reader) : csvLines(reader));
  } finally {
    reader.close();
  }
  return exitCode.done;
}

/** Removes old ended files. @throws AlreadyRunning if an agent has started meanwhile */
async function prune({ before, ...options }: PruneOptions): Promise<number> {
  const moment = before === undefined ? null : parseTime(before, Date.now());
  if (moment === null || moment > Date.now()) {
    throw new CommandError(
      `--before ${JSON.stringify(before ?? '')} is not a time in the past: expected 90d, 2026-11-23 or RFC 3339`,
      exitCode.badUsage,
    );
  }
  const asked = await askAgent(moment, options);
  if (asked !== null) {
    await print([clean(prunedText(asked, moment))]);
    return exitCode.done;
  }
  const stateDir = await stateDirOf(options);
  const lock = acquireAgentLock({ stateDir, version, startedAt: new Date().toISOString(), nativeBinding: sqliteAddon(stateDir) });
  try {
    const journal = openJournal({ path: join(stateDir, 'journal.db'), nativeBinding: sqliteAddon(stateDir), now: () => Date.now() });
    try {
      let files = 0;
      let entries = 0;
      for (let isDone = false; !isDone; ) {
        // The sources were not listed, so files that may still be there keep their newest record.
        const pruned = journal.prune({ before: moment, isAtSource: () => true });
        files += pruned.files;
        entries += pruned.entries;
        ({ isDone } = pruned);
      }
      await print([clean(prunedText({ files, entries }, moment))]);
    } finally {
      journal.close();
    }
  } finally {
    lock.release();
  }
  complain('the newest record of each source file that may still be at the source is kept, however old it is');
  return exitCode.done;
}

/** Lets the running agent prune, which knows the files that are still at the source. Returns null if no agent runs. */
async function askAgent(moment: number, { reason, ...where }: PruneOptions): Promise<Removed | null> {
  const params = { before: new Date(moment).toISOString(), who: giver(reason) };
  try {
    return await withAgent(where, (client) => client.request('prune', params, { deadlineMs: limits.pruneDeadlineMs }));
  } catch (error) {
    if (error instanceof NotRunning) return null;
    throw error;
  }
}

interface Removed {
  readonly files: number;
  readonly entries: number;
}

function prunedText({ files, entries }: Removed, moment: number): string {
  return `removed ${countText(files)} tracked files and ${countText(entries)} entries that ended before ${new Date(moment).toISOString()}`;
}
