import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileJson } from '@sluice/control';
import { giver } from '../requester.ts';
import { demoLimits } from './limits.ts';
import { type Promised, verdictOf } from './promises.ts';
import type { Stage } from './stage/stage.ts';
import type { Disk } from './stage/storage.ts';
import { until } from './stage/wait.ts';

const promise = 'the agent copied what was left, and ended when asked';

/**
 * Ends everything: restores the storage, releases holds, waits until the rest is copied, and ends the agent.
 * @param accepted the disk that the agent accepts as its destination
 * @throws Error (`AbortError`) if `signal` is aborted
 */
export async function finish(stage: Stage, accepted: Disk, signal: AbortSignal): Promise<Promised> {
  try {
    await giveBack(stage, accepted, signal);
    await letGo(stage);
    const isCopied = await until(async () => (await leftFiles(stage)).length === 0, demoLimits.copiedWithinMs, signal);
    const left = isCopied ? [] : await leftFiles(stage);
    await stage.ask('stop', { mode: 'drain', who: giver('the tour is over') });
    const code = await endOf(stage, signal);
    const said = left.length === 0 ? `everything copied, exit ${code ?? 'never'}` : `not in time: ${left.join(', ')}`;
    return { promise, verdict: verdictOf(isCopied && code === 0), seen: said };
  } catch (error) {
    if (signal.aborted) throw error;
    return { promise, verdict: 'BROKEN', seen: error instanceof Error ? error.message : String(error) };
  }
}

/** The last action of the user may not be known yet, so the other disk is tried if this one is not accepted. */
async function giveBack({ storage, ask }: Stage, accepted: Disk, signal: AbortSignal): Promise<void> {
  const isOnline = async (): Promise<boolean> => (await ask('status', {})).routes.every(({ gate }) => gate.state === 'open');
  await storage.putIn(accepted);
  if (await until(isOnline, demoLimits.onlineWithinMs, signal)) return;
  await storage.putIn(accepted === 'right' ? 'wrong' : 'right');
  if (!(await until(isOnline, demoLimits.onlineWithinMs, signal))) await storage.putIn(accepted);
}

async function letGo(stage: Stage): Promise<void> {
  await stage.ask('steer', { do: 'release', who: giver('the tour is over') });
  const onHold = (await stage.files()).filter(({ hold }) => hold === 'operator' || hold === 'needs_you' || hold === 'backoff');
  if (onHold.length > 0) await stage.ask('act', { do: 'retry', files: onHold.map(({ id }) => id), who: giver('the tour is over') });
}

/** Returns files of the source that are not copied in their present form. */
async function leftFiles(stage: Stage): Promise<string[]> {
  const [names, files] = await Promise.all([readdir(stage.source), stage.files()]);
  const left = await Promise.all(names.map(async (name) => ((await isCopied(stage, name, files)) ? [] : [name])));
  return left.flat();
}

async function isCopied({ source }: Stage, name: string, files: readonly FileJson[]): Promise<boolean> {
  const { size } = await stat(join(source, name));
  const own = files.filter((file) => file.source === name);
  return own.some(({ status, sizeBytes }) => status === 'COMPLETED' && sizeBytes === size) && own.every(hasEnded);
}

const ends: ReadonlySet<FileJson['status']> = new Set(['COMPLETED', 'FAILED', 'REMOVED'] as const);

/** Returns whether a file has ended. */
export function hasEnded({ status }: Pick<FileJson, 'status'>): boolean {
  return ends.has(status);
}

/** @returns null if it does not end in time */
async function endOf({ ended }: Stage, signal: AbortSignal): Promise<number | null> {
  let code: number | null = null;
  void ended.then((given) => {
    code = given;
  });
  await until(() => code !== null, demoLimits.endsWithinMs, signal);
  return code;
}
