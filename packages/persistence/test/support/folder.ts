import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalUnusable } from '../../src/unusable.ts';

/** Runs a test with a journal's path in its own folder, removed afterwards. */
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

/** @throws Error where it was accepted, and whatever is no JournalUnusable */
export function refusal(work: () => unknown): JournalUnusable {
  try {
    work();
  } catch (error) {
    if (error instanceof JournalUnusable) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
