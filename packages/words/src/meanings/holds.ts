import type { Hold } from '@sluice/core/model';
import type { Explained } from '../failures/meaning.ts';
import type { WaitingFile } from '../states/file-reason.ts';
import type { ShownHold } from '../states/held.ts';

const waiting = { status: 'READY', attempt: 1, nameValid: true } as const;
const routeHold = { by: 'ann from 192.0.2.7', until: null, reason: 'night shift' } as const;

/** A file that waits, and the hold of its route. */
export interface WaitingExample extends WaitingFile {
  readonly routeHold?: ShownHold;
}

/** Why a file waits. The codes are those of `hold` in JSON. */
export const holdMeanings: Readonly<Record<Hold, Explained<WaitingExample>>> = {
  network: {
    cause: 'The destination is offline.',
    files: 'The file stays at the source and is copied when the destination is online again.',
    remedy: 'Bring the storage or the network back. For a wrong disk, mount the right one or run `sluice adopt ROUTE`.',
    examples: [{ ...waiting, hold: 'network' }],
  },
  space: {
    cause: 'The destination has less room than the file needs and `space.keep_free` leaves.',
    files: 'The file stays at the source and is copied when it fits. Smaller files that fit are copied first.',
    remedy: 'Make room at the destination, or lower `space.keep_free`.',
    examples: [{ ...waiting, hold: 'space' }],
  },
  backoff: {
    cause: 'An attempt failed. Sluice waits before the next one: 5 s, then twice as long each time, up to 10 min.',
    files: 'The file is tried again after the pause.',
    remedy: 'Nothing. `sluice retry FILE` tries it at once.',
    examples: [{ ...waiting, hold: 'backoff' }],
  },
  operator: {
    cause: 'An operator skipped the file, or holds its route. The text says which.',
    files: 'A skipped file is not copied until an operator retries it, one of a held route until the hold ends.',
    remedy:
      'To copy a skipped file, run `sluice retry FILE`; `sluice show FILE` says who skipped it. To end a hold, run `sluice release ROUTE`.',
    examples: [
      { ...waiting, hold: 'operator' },
      { ...waiting, hold: 'operator', routeHold },
    ],
  },
  needs_you: {
    cause:
      'The file failed `max_attempts` times, or is too large or too long in its name for the destination, or has a name that is not valid UTF-8, or still changes after `stuck_after`.',
    files:
      'A file that failed too often is still tried every 10 min. A file whose name, length or size the destination cannot take is not tried until this is corrected.',
    remedy: 'Read the reason next to the file, correct it, then run `sluice retry FILE`.',
    examples: [
      { ...waiting, hold: 'needs_you', attempt: 6 },
      { ...waiting, hold: 'needs_you', nameValid: false },
      { ...waiting, hold: 'needs_you', status: 'GROWING' },
    ],
  },
};
