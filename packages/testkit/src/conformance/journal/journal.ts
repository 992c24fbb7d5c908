import { claimsOf } from '../claim.ts';
import { appending, rules } from './append.ts';
import type { JournalUnderTest } from './claim.ts';
import { findingFiles, leavingFiles } from './left.ts';
import { loading, loadingHostileText } from './load.ts';
import { appendingAfterPruning, pruning } from './prune.ts';

export type { JournalUnderTest };

/**
 * Defines uvu tests of the behaviour that every journal must have. The calling file has to call `test.run()` itself.
 * @param open creates an empty journal
 */
export function journalConformance(name: string, open: () => JournalUnderTest): void {
  const claim = claimsOf(name, open);
  appending(claim);
  rules(claim);
  loading(claim);
  loadingHostileText(claim);
  leavingFiles(claim);
  findingFiles(claim);
  pruning(claim);
  appendingAfterPruning(claim);
}
