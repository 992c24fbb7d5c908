import type { ReloadReply } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { reloadLines } from '../src/reload-lines.ts';

const nothing: ReloadReply = { v: 1, file: '/etc/sluice.toml', problem: null, changes: [], added: [], removed: [] };
const rate = { route: 'one', key: 'max_rate', before: '""', after: '"20MB"', needsRestart: null };
const lanes = { route: null, key: 'agent.lanes', before: '4', after: '8', needsRestart: 'so it is' };

const tables: readonly (readonly [what: string, reply: Partial<ReloadReply>, lines: readonly string[]])[] = [
  ['nothing', {}, ['/etc/sluice.toml was read again: nothing has changed']],
  [
    'a problem',
    { problem: 'cannot read sluice.toml:4: no' },
    ['the agent goes on with its present settings: cannot read sluice.toml:4: no'],
  ],
  ['a setting', { changes: [rate] }, ['/etc/sluice.toml was read again: 1 change', '  one: max_rate "" -> "20MB"']],
  [
    'a setting that waits for a restart',
    { changes: [lanes] },
    ['/etc/sluice.toml was read again: 1 change, which needs a restart', '  agent.lanes 4 -> 8 (needs a restart: so it is)'],
  ],
  [
    'some of each',
    { changes: [rate, lanes], added: ['new'], removed: [{ route: 'old', copying: 0 }] },
    [
      '/etc/sluice.toml was read again: 4 changes, of which 1 needs a restart',
      '  one: max_rate "" -> "20MB"',
      '  agent.lanes 4 -> 8 (needs a restart: so it is)',
      '  route new was added',
      '  route old was removed; what it copied stays in the journal',
    ],
  ],
  [
    'routes that still copy',
    {
      removed: [
        { route: 'a', copying: 1 },
        { route: 'b', copying: 2 },
      ],
    },
    [
      '/etc/sluice.toml was read again: 2 changes',
      '  route a was removed; it starts nothing new and ends when its running copy has ended',
      '  route b was removed; it starts nothing new and ends when its 2 running copies have ended',
    ],
  ],
  [
    'two that wait',
    { changes: [lanes, lanes] },
    [
      '/etc/sluice.toml was read again: 2 changes, which need a restart',
      ...Array<string>(2).fill('  agent.lanes 4 -> 8 (needs a restart: so it is)'),
    ],
  ],
];

for (const [what, reply, lines] of tables) {
  test(`reloadLines: ${what}`, () => assert.equal(reloadLines({ ...nothing, ...reply }), lines));
}

test.run();
