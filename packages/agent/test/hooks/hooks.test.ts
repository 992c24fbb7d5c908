import type { Condition } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Hooks } from '../../src/hooks/hooks.ts';
import type { Log } from '../../src/log/log.ts';
import { handStarted } from './support/hand-started.ts';

/** Returns the lines of the log after a person was called for this condition. */
function linesFor(condition: Condition): readonly string[] {
  const lines: string[] = [];
  const log = {
    debug: (text: string) => void lines.push(`debug ${text}`),
    warn: (text: string) => void lines.push(`warn ${text}`),
    forRoute: () => log,
  } as unknown as Log;
  const { clock, hangs, makeTimer, start } = handStarted();
  const config = (): never => ({ agent: { onAttention: [], onDone: [] }, routes: [] }) as never;
  const hooks = new Hooks({ clock, hangs, makeTimer, start, config, log, offer: () => {}, record: () => {}, isStalled: () => false });
  hooks.perform({ kind: 'attention', route: routeName('ingest'), name: 'files_need_you', condition });
  return lines;
}

test('Hooks.perform: a file that needs a person is a warning, unless its failure is in the log already', () => {
  const fault = { side: 'destination', code: 'EFBIG', operation: 'write a.mov', message: 'File too large' } as const;
  const error = {
    kind: 'destination_error',
    percent: 45,
    reason: { kind: 'call', fault },
    follows: { kind: 'attempt', as: 'a.mov', waitsFor: 'needs_you' },
  } as const;
  const [failed, ...more] = linesFor({ kind: 'failed_too_often', source: 'a.mov', destination: 'a.mov', error });
  assert.match(failed ?? '', /^debug a\.mov: /);
  assert.equal(more, []);
  assert.match(linesFor({ kind: 'name_invalid', source: 'b?.mov' }).join(), /^warn b\?\.mov needs you: /);
  assert.match(linesFor({ kind: 'file_stuck', source: 'c.mov' }).join(), /^warn c\.mov needs you: /);
});

test.run();
