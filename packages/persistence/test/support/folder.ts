import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalUnusable } from '../../src/unusable.ts';

/** Runs a test with a path for a journal in a separate folder, which is removed afterwards. */
export function withPath(work: (path: string, folder: string) => void): () => void {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-persistence-'));
    try {
      work(join(folder, 'journal.db'), folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Returns the error of refused work. @throws Error if it was accepted, and any error other than JournalUnusable */
export function refusal(work: () => unknown): JournalUnusable {
  try {
    work();
  } catch (error) {
    if (error instanceof JournalUnusable) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
