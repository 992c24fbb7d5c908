import type { ProvenFile, SafeAnswer, UnsafeFile } from '../model.ts';
import type { KnownRoute } from '../routes.ts';
import { notSafeText, safeNotes, safeVerdict } from '../texts/safe.ts';
import type { ReportedFile, SafeInit, SafeReport } from './safe-messages.ts';

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
  const files = reported(notSafe);
  const report: SafeReport = {
    isSafe,
    verdict: safeVerdict(answer, routes, folder),
    files: files.slice(0, namedFiles),
    more: Math.max(0, files.length - namedFiles),
    isEmpty: answer.isWhole && answer.files === 0 && files.length === 0,
    proven: proven.length,
    notes: safeNotes(answer),
  };
  return { report, proven: proven.slice(0, provenFiles) };
}

/** Returns each file once, with what every route says of it. */
function reported(notSafe: readonly UnsafeFile[]): readonly ReportedFile[] {
  const files = new Map<string, ReportedFile>();
  for (const { absolute, path, route, why } of notSafe) {
    const text = notSafeText(why);
    const known = files.get(absolute);
    if (known === undefined) files.set(absolute, { route, path, text });
    else if (known.text !== text) files.set(absolute, { ...known, text: `${known.text}; route ${route}: ${text}` });
  }
  return [...files.values()];
}
