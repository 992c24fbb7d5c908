import { runChild } from '@sluice/child';
import { JournalUnusable, loadAddonAt, openReader } from '@sluice/persistence';
import { limits } from './limits.ts';
import type { Progress } from './process/progress.ts';
import { type KnownRoute, knownRoutes } from './routes.ts';
import { askSafe } from './safe/ask-safe.ts';
import { boundedAnswer } from './safe/report.ts';
import type { SafeInit, SafeMessage } from './safe/safe-messages.ts';

/**
 * Runs this process as a checker that answers once whether a source may be cleared. It starts an audit for each route that reads
 * the source.
 */
export function runSafe(): void {
  runChild<SafeInit, never, SafeMessage>((init, channel) => {
    // The channel closes when the answer is no longer needed; then the process ends.
    const send = (message: SafeMessage): Promise<void> => channel.send(message).catch(() => undefined);
    answer(init, send).catch((error: unknown) => send({ kind: 'failed', why: whyOf(error) }));
  });
}

async function answer(init: SafeInit, send: (message: SafeMessage) => Promise<void>): Promise<void> {
  const { journalPath, addonPath, folder, reads } = init;
  const routes = routesIn(init);
  const asked = routes.filter(({ settings }) => settings.name === init.route);
  if (asked.length === 0) throw new Error(`the journal knows no route ${JSON.stringify(init.route)}`);
  const place = { journalPath, addonPath, routes };
  const onProgress = (progress: Progress): void => void send({ kind: 'progress', progress });
  const realSources = new Map(Object.entries(init.realSources));
  const found = await askSafe({ place, routes: asked, folder, reads, onProgress, realSources });
  const { report, proven } = boundedAnswer(found, routes, init);
  for (let from = 0; from < proven.length; from += limits.batchFiles) {
    await send({ kind: 'proven', files: proven.slice(from, from + limits.batchFiles) });
  }
  await send({ kind: 'report', report });
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
