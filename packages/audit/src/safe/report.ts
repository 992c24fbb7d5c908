import type { ProvenFile, SafeAnswer } from '../model.ts';
import type { KnownRoute } from '../routes.ts';
import { notSafeText, safeNotes, safeVerdict } from '../texts/safe.ts';
import type { SafeInit, SafeReport } from './safe-messages.ts';

/** An answer in a bounded size: a report, and the first proven files of the route. */
export interface BoundedAnswer {
  readonly report: SafeReport;
  readonly proven: readonly ProvenFile[];
}

/** Returns the answer in the size that was requested. @param routes all routes of the agent */
export function boundedAnswer(
  answer: SafeAnswer,
  routes: readonly KnownRoute[],
  { route: asked, folder, namedFiles, provenFiles }: Pick<SafeInit, 'route' | 'folder' | 'namedFiles' | 'provenFiles'>,
): BoundedAnswer {
  const { isSafe, notSafe } = answer;
  const proven = answer.proven.filter((file) => file.route === asked);
  const report: SafeReport = {
    isSafe,
    verdict: safeVerdict(answer, routes, folder),
    files: notSafe.slice(0, namedFiles).map(({ route, path, why }) => ({ route, path, text: notSafeText(why) })),
    more: Math.max(0, notSafe.length - namedFiles),
    proven: proven.length,
    notes: safeNotes(answer),
  };
  return { report, proven: proven.slice(0, provenFiles) };
}
