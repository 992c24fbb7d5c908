import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { agentConditionJson, conditionJson, conditionKinds, overText } from '../../src/conditions/condition-json.ts';
import { conditionRemedy } from '../../src/conditions/condition-text.ts';
import { isForOperators } from '../support/for-operators.ts';

const offline = {
  kind: 'destination_offline',
  forMs: 0,
  destination: '/mnt/nas',
  code: 'EIO',
  finding: { kind: 'call_failed', operation: 'stat' },
} as const;
const since = '2026-11-28T12:00:00.000Z';

const remedies = [
  [{ ...offline, cause: 'not_the_destination' }, 'connect the right disk, or run sluice adopt ingest if this one is meant'],
  [{ ...offline, cause: 'read_only' }, 'mount the destination with write access'],
  [{ ...offline, cause: 'denied' }, 'let Sluice write to the destination'],
  [{ ...offline, cause: 'timeout' }, 'bring the storage or the network back'],
  [{ kind: 'source_away', forMs: 0, state: 'missing', code: 'ENOENT', path: null }, 'mount the disk of the source'],
  [{ kind: 'source_away', forMs: 0, state: 'unreadable', code: 'EACCES', path: 'a' }, 'let Sluice read it, or exclude it'],
  [{ kind: 'source_away', forMs: 0, state: 'silent', code: null, path: null }, 'check the storage of the source'],
  [
    { kind: 'source_away', forMs: 0, state: 'suddenly_empty', code: null, path: null },
    'mount the disk of the source; if somebody cleared it, run sluice rescan ingest',
  ],
] as const;

for (const [condition, remedy] of remedies) {
  test(`conditionRemedy: ${remedy}`, () => assert.is(conditionRemedy(condition, 'ingest'), remedy));
}

test('conditionJson: what it is, since when, how many files, and what to do', () => {
  const view = {
    name: 'files_lost',
    since,
    isCalled: true,
    condition: { kind: 'files_lost', forMs: 0, files: 3, source: 'a.mxf' },
  } as const;
  assert.equal(conditionJson('ingest', view), {
    route: 'ingest',
    kind: 'files_lost',
    since,
    files: 3,
    text: '3 files vanished at the source before they were copied, such as a.mxf',
    remedy: 'find out what removed it, then run sluice acknowledge FILE, or --all',
    called: true,
  });
});

test('agentConditionJson: it belongs to no route and is about no files', () => {
  const { route, kind, files, called } = agentConditionJson({ kind: 'journal_not_writable', forMs: 0, code: 'SQLITE_FULL' }, since, false);
  assert.equal([route, kind, files, called], [null, 'journal_not_writable', null, false]);
});

test('overText: says of each kind that it is over, in words for operators', () => {
  for (const kind of Object.values(conditionKinds)) {
    assert.match(overText(kind, 720_000), /^over after 12 min: \S/);
    assert.ok(isForOperators(overText(kind, 720_000)));
  }
});

test.run();
