import type { ReloadReply } from '@sluice/control';
import type { RouteEvent } from '@sluice/core';
import { clean } from './figures/clean.ts';

type Change = ReloadReply['changes'][number];
type ReloadEnd = Extract<RouteEvent, { kind: 'reload_ended' }>;

/** Returns how a reload ended, in one sentence. */
export function reloadText({ file, problem, changes, waiting }: Pick<ReloadEnd, 'file' | 'problem' | 'changes' | 'waiting'>): string {
  if (problem !== null) return `the agent goes on with its present settings: ${problem}`;
  const what = changes === 0 ? 'nothing has changed' : `${changes === 1 ? '1 change' : `${changes} changes`}${waitsText(waiting, changes)}`;
  return `${file ?? 'sluice.toml'} was read again: ${what}`;
}

/** Returns what a reload has changed: a summary, and a line for each change. If it was refused, the reason. */
export function reloadLines({ problem, changes, added, removed, file }: ReloadReply): string[] {
  const count = changes.length + added.length + removed.length;
  const waiting = changes.filter(({ needsRestart }) => needsRestart !== null).length;
  const summary = reloadText({ file, problem, changes: count, waiting });
  if (problem !== null) return [clean(summary)];
  return [
    summary,
    ...changes.map((change) => `  ${changeText(change)}`),
    ...added.map((route) => `  route ${route} was added`),
    ...removed.map(({ route, copying }) => `  route ${route} was removed${lastCopiesText(copying)}`),
  ].map(clean);
}

function waitsText(waits: number, count: number): string {
  if (waits === 0) return '';
  if (waits === count) return waits === 1 ? ', which needs a restart' : ', which need a restart';
  return `, of which ${waits} ${waits === 1 ? 'needs' : 'need'} a restart`;
}

function changeText({ route, key, before, after, needsRestart }: Change): string {
  const text = `${route === null ? '' : `${route}: `}${key} ${before} -> ${after}`;
  return needsRestart === null ? text : `${text} (needs a restart: ${needsRestart})`;
}

function lastCopiesText(copying: number): string {
  if (copying === 0) return '; what it copied stays in the journal';
  return `; it starts nothing new and ends when ${copying === 1 ? 'its running copy has' : `its ${copying} running copies have`} ended`;
}
