import { type FileEvent, type JournalRecord, type RouteEvent, routeFactKeys } from '@sluice/core';
import { fileOf } from '@sluice/core/fixtures';
import { routeName } from '@sluice/core/model';
import { clean } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '../../src/log/log.ts';
import { logRecord } from '../../src/serve/audience.ts';

const route = routeName('a');
const completed = fileOf('COMPLETED', { route });
const common = { seq: 1, at: 0 } as const;

const fileFact = (event: FileEvent): JournalRecord => ({ kind: 'file_fact', ...common, event, file: completed });
const routeFact = (event: RouteEvent): JournalRecord => ({ kind: 'route_fact', ...common, route, key: routeFactKeys[event.kind], event });

const escape = '\u001b]0;owned\u0007\u001b[2J\u202e\u009b31m\n14:00:00 info  a: all is copied';

const hostile: readonly (readonly [what: string, record: JournalRecord])[] = [
  ['a request', fileFact({ kind: 'asked', action: 'skip', by: `ann${escape}`, reason: escape })],
  [
    'a request that came too late',
    fileFact({ kind: 'refused', action: 'skip', by: escape, reason: escape, why: { kind: 'route_held', by: escape } }),
  ],
  ['a hold', routeFact({ kind: 'held', by: escape, since: 0, until: null, reason: escape })],
  ['an adoption', routeFact({ kind: 'destination_adopted', by: escape, reason: escape, before: null, destination: escape })],
  ['a folder that cannot be read', routeFact({ kind: 'source_state', state: 'unreadable', code: 'EACCES', path: escape })],
  [
    'a name',
    { kind: 'transition', ...common, event: { kind: 'found' }, from: 'READY', to: 'COMPLETED', file: { ...completed, source: escape } },
  ],
  ['a name that is taken', fileFact({ kind: 'name_taken', taken: escape })],
  [
    'a destination',
    {
      kind: 'gate',
      ...common,
      route,
      event: {
        kind: 'gate_closed',
        destination: escape,
        cause: 'not_the_destination',
        code: 'MARKER',
        finding: { kind: 'marker_differs', found: escape, expected: 'm' },
      },
    },
  ],
];

for (const [what, record] of hostile) {
  test(`logRecord: control characters of a name or reason do not reach a terminal or start a line: ${what}`, () => {
    const lines: string[] = [];
    const kept: string[] = [];
    const output = {
      write: (line: string) => lines.push(line) > 0,
      hasRoom: () => true,
      isIdle: () => true,
      failure: () => null,
      drain: () => undefined,
      isClosed: () => false,
    };
    const file = { append: (line: string) => void kept.push(line), close: () => undefined };
    logRecord(createLog({ level: 'debug', file, output, now: () => 0 }), record);
    assert.is(lines.length, 1);
    assert.is(lines[0], clean(lines[0] ?? ''));
    assert.is(kept.length, 1);
    assert.is(kept[0]?.trimEnd(), clean(kept[0]?.trimEnd() ?? ''));
    assert.ok(kept[0]?.includes('\\u001b]0;owned'), 'nothing of it is lost in the file');
  });
}

test('logRecord: a reason of a thousand characters is complete in the file', () => {
  const kept: string[] = [];
  const file = { append: (line: string) => void kept.push(line), close: () => undefined };
  const reason = 'ü'.repeat(1_000);
  const record = fileFact({ kind: 'asked', action: 'skip', by: 'ann', reason });
  logRecord(createLog({ level: 'info', file, output: null, now: () => 0 }), record);
  assert.ok(kept[0]?.includes(reason));
});

test.run();
