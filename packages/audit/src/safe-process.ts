import { runChild } from '@sluice/child';
import { JournalUnusable, loadAddonAt, openReader } from '@sluice/persistence';
import { type KnownRoute, knownRoutes } from './routes.ts';
import { askSafe } from './safe/ask-safe.ts';
import type { SafeInit, SafeMessage, SafeReport } from './safe/safe-messages.ts';
import { notSafeText, safeNotes, safeVerdict } from './texts/safe.ts';

/**
 * Runs this process as a checker that answers once whether a source may be cleared. It starts an audit for each route that reads
 * the source.
 */
export function runSafe(): void {
  runChild<SafeInit, never, SafeMessage>((init, channel) => {
    // The channel closes when the answer is no longer needed; then the process ends.
    const send = (message: SafeMessage): void => void channel.send(message).catch(() => undefined);
    answer(init, (progress) => send({ kind: 'progress', progress })).then(
      (report) => send({ kind: 'report', report }),
      (error: unknown) => send({ kind: 'failed', why: whyOf(error) }),
    );
  });
}

async function answer(init: SafeInit, onProgress: Parameters<typeof askSafe>[0]['onProgress']): Promise<SafeReport> {
  const { journalPath, addonPath, folder, reads } = init;
  const routes = routesIn(init);
  const asked = routes.filter(({ settings }) => settings.name === init.route);
  if (asked.length === 0) throw new Error(`the journal knows no route ${JSON.stringify(init.route)}`);
  const found = await askSafe({ place: { journalPath, addonPath, routes }, routes: asked, folder, reads, onProgress });
  const { isSafe, notSafe } = found;
  return {
    isSafe,
    verdict: safeVerdict(found, routes, folder),
    files: notSafe.slice(0, init.namedFiles).map(({ route, path, why }) => ({ route, path, text: notSafeText(why) })),
    more: Math.max(0, notSafe.length - init.namedFiles),
    notes: safeNotes(found),
  };
}

function routesIn({ journalPath, addonPath }: SafeInit): readonly KnownRoute[] {
  const journal = openReader({ path: journalPath, nativeBinding: loadAddonAt(addonPath) });
  try {
    return knownRoutes(journal.routeFacts());
  } finally {
    journal.close();
  }
}

function whyOf(error: unknown): string {
  if (error instanceof JournalUnusable) return `${error.operator} (${error.technical})`;
  return error instanceof Error ? error.message : String(error);
}
