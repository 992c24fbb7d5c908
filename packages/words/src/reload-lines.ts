import type { ReloadReply } from '@sluice/control';
import { clean } from './figures/clean.ts';

type Change = ReloadReply['changes'][number];

/** Returns what a reload has changed: a summary, and a line for each change. If it was refused, the reason. */
export function reloadLines({ problem, changes, added, removed, file }: ReloadReply): string[] {
  if (problem !== null) return [clean(`the agent goes on with its present settings: ${problem}`)];
  const count = changes.length + added.length + removed.length;
  const waits = changes.filter(({ needsRestart }) => needsRestart !== null).length;
  const what = count === 0 ? 'nothing has changed' : `${count === 1 ? '1 change' : `${count} changes`}${waitsText(waits, count)}`;
  return [
    `${file ?? 'sluice.toml'} was read again: ${what}`,
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
