import { runChild } from '@sluice/child';
import { unreachable } from '@sluice/core/model';
import { type JournalReader, JournalUnusable, loadAddonAt, openReader } from '@sluice/persistence';
import { wakingClock } from '@sluice/platform';
import type { AuditInit, AuditMessage } from './process/messages.ts';
import { Reporter } from './process/reporter.ts';
import type { AuditEnd } from './process/start-audit.ts';
import { auditSource } from './safe/audit-source.ts';
import { findOtherCopies } from './verify/other-copies.ts';
import { verifyCopies } from './verify/verify-copies.ts';

/** Runs a process that compares the copies of one route once. It reads the journal and both sides, and changes nothing. */
export function runAudit(): void {
  runChild<AuditInit, never, AuditMessage>((init, channel) => {
    const reporter = new Reporter(
      (message) => channel.send(message),
      () => wakingClock.now(),
    );
    audit(init, reporter, () => channel.isOpen())
      .catch((error: unknown) => {
        const isJournal = error instanceof JournalUnusable;
        const why = isJournal ? `${error.operator} (${error.technical})` : error instanceof Error ? error.message : String(error);
        return reporter.send({ kind: 'failed', why, isJournal });
      })
      // The channel closed, and the process ends with it.
      .catch(() => undefined);
  });
}

/** Carries out the task, and reports its end. @throws JournalUnusable */
export async function audit(init: AuditInit, reporter: Reporter, isOpen: () => boolean): Promise<void> {
  const { task, journalPath, addonPath } = init;
  // Opening a large journal may take a while, during which nothing else is sent.
  await reporter.alive();
  const journal: JournalReader = openReader({
    path: journalPath,
    nativeBinding: loadAddonAt(addonPath),
    // A damaged index may hide a record. `safe` then refuses the file of that record, but `verify` must not leave a copy out.
    isChecked: task.kind === 'safe',
  });
  try {
    await reporter.alive();
    const { route, verified } = await carryOut(init, journal, reporter, isOpen);
    await reporter.flush();
    await reporter.send({ kind: 'ended', route, verified });
  } finally {
    journal.close();
  }
}

async function carryOut(init: AuditInit, journal: JournalReader, reporter: Reporter, isOpen: () => boolean): Promise<AuditEnd> {
  const { task } = init;
  switch (task.kind) {
    case 'safe':
      return { route: await auditSource({ ...init, task }, journal, reporter, isOpen), verified: null };
    case 'verify':
      return await verifyCopies({ ...init, task }, journal, reporter, isOpen);
    case 'others':
      return { route: await findOtherCopies({ ...init, task }, journal, reporter, isOpen), verified: null };
    default:
      return unreachable(task);
  }
}
