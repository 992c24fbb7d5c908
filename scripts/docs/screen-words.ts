import type { FileJson, ScreenRoute } from '@sluice/control';
import { viewFile } from '@sluice/core';
import { fileOf } from '@sluice/core/fixtures';
import type { FileError, GateCause } from '@sluice/core/model';
import { causeText, routeWords } from '../../packages/tui/src/views/words/destination-words.ts';
import { fileWords } from '../../packages/tui/src/views/words/file-words.ts';
import type { WaitingExample } from '../../packages/words/src/meanings/holds.ts';
import { fileJson } from '../../packages/words/src/replies.ts';

const file: FileJson = fileJson(viewFile(fileOf('READY'), true));

/** Returns what the screen shows of a file that waits. */
export function screenOfWaiting({ routeHold, ...waiting }: WaitingExample): string {
  const isSkipped = waiting.hold === 'operator' && routeHold === undefined;
  return shown(fileWords({ file: { ...file, ...waiting }, ...(isSkipped ? { isSkipped } : {}) }, { cause: null, hold: routeHold ?? null }));
}

/** Returns what the screen shows for a failed attempt. */
export function screenOfFailure(error: Pick<FileError, 'kind' | 'percent'> & { readonly code: string }): string {
  return shown(fileWords({ file: { ...file, status: 'FAILED', error: { ...error, operator: '', technical: '' } } }));
}

/** Returns what the screen shows for a destination that is offline for this cause. */
export function screenOfCause(cause: GateCause): string {
  const gate = { state: 'closed', since: '', cause, code: null, operator: '', technical: '' } as const;
  const { mark, word } = routeWords({ gate, hold: null } as ScreenRoute);
  const why = causeText({ gate });
  return `screen: ${mark} ${word}${why === null ? '' : ` (${why})`}`;
}

function shown({ mark, word, progress }: ReturnType<typeof fileWords>): string {
  return `screen: ${mark} ${word} ${progress}`;
}
