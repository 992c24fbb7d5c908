import { errnoOf } from '@sluice/platform';
import type { Storage } from '../storage/storage.ts';
import type { LaneMeans } from './task.ts';

/** What a file that another program has open answers to being removed or renamed. Source: libuv's table of Windows' errors. */
const held = new Set(['EBUSY', 'EPERM', 'EACCES']);
/** A refused link is learned from: only what says "in use" is asked again. */
const heldLink = new Set(['EBUSY']);

/**
 * A storage where what was just written may be open in another program for a moment, as a virus scanner has it on Windows: a
 * link or removal is asked for again, a few times. Without that a copy that is there already would be made once more. A rename is
 * not: it replaces, so whoever asks has to look again first (`renameWhile`).
 *
 * @param storage watched: each time is a call of its own, made only while it is wanted
 */
export function patientStorage(storage: Storage, { clock, calls, limits }: Pick<LaneMeans, 'clock' | 'calls' | 'limits'>): Storage {
  const patiently = (codes: ReadonlySet<string>, call: () => Promise<void>): Promise<void> =>
    askAgain({ clock, calls, limits }, codes, call);
  return {
    ...storage,
    link: (from, to) => patiently(heldLink, () => storage.link(from, to)),
    unlink: (path) => patiently(held, () => storage.unlink(path)),
  };
}

/**
 * Gives a file its name over one that may be replaced, with the same patience. `mayBeReplaced` is asked before every try: somebody may
 * have written into it meanwhile, and that may be just who holds it.
 *
 * @returns whether it has the name
 */
export async function renameWhile(means: LaneMeans, from: string, to: string, mayBeReplaced: () => Promise<boolean>): Promise<boolean> {
  return await askAgain(means, held, async () => {
    if (!(await mayBeReplaced())) return false;
    await means.destination.rename(from, to);
    return true;
  });
}

async function askAgain<Answer>(
  { clock, calls, limits }: Pick<LaneMeans, 'clock' | 'calls' | 'limits'>,
  codes: ReadonlySet<string>,
  call: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries >= limits.heldTries || !codes.has(errnoOf(error))) throw error;
    }
    await clock.wait(limits.heldPauseMs * 2 ** tries, calls.signal);
  }
}
