import { errnoOf } from '@sluice/platform';
import type { Storage } from '../storage/storage.ts';
import type { LaneDependencies } from './task.ts';

/** What a file that another program has open answers to being removed or renamed. Source: libuv's table of Windows' errors. */
const inUse = new Set(['EBUSY', 'EPERM', 'EACCES']);
/** A refused link is learned from: only what says "in use" is asked again. */
const linkInUse = new Set(['EBUSY']);

/**
 * A storage where what was just written may be open in another program for a moment, as a virus scanner has it on Windows: a
 * link or removal is asked for again, a few times. Without that a copy that is there already would be made once more. A rename is
 * not: it replaces, so the caller has to check again first (`renameWhile`).
 *
 * @param storage watched: each time is its own call, made only while the storage may be altered
 */
export function patientStorage(storage: Storage, { clock, calls, limits }: Pick<LaneDependencies, 'clock' | 'calls' | 'limits'>): Storage {
  const patiently = (codes: ReadonlySet<string>, call: () => Promise<void>): Promise<void> =>
    askAgain({ clock, calls, limits }, codes, call);
  return {
    ...storage,
    link: (from, to) => patiently(linkInUse, () => storage.link(from, to)),
    unlink: (path) => patiently(inUse, () => storage.unlink(path)),
  };
}

/**
 * Gives a file its name over one that may be replaced, with the same retries. `mayBeReplaced` is asked before every try: somebody may
 * have written into it meanwhile, and may be the one that has it open.
 *
 * @returns whether it has the name
 */
export async function renameWhile(
  dependencies: LaneDependencies,
  from: string,
  to: string,
  mayBeReplaced: () => Promise<boolean>,
): Promise<boolean> {
  return await askAgain(dependencies, inUse, async () => {
    if (!(await mayBeReplaced())) return false;
    await dependencies.destination.rename(from, to);
    return true;
  });
}

async function askAgain<Answer>(
  { clock, calls, limits }: Pick<LaneDependencies, 'clock' | 'calls' | 'limits'>,
  codes: ReadonlySet<string>,
  call: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries >= limits.inUseTries || !codes.has(errnoOf(error))) throw error;
    }
    await clock.wait(limits.inUsePauseMs * 2 ** tries, calls.signal);
  }
}
