import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { agentConditionJson, conditionJson, conditionKinds, conditionLine, overText } from '../../src/conditions/condition-json.ts';
import { type AnyCondition, conditionRemedy, conditionText } from '../../src/conditions/condition-text.ts';
import { findingRemedy, findingText } from '../../src/failures/finding.ts';
import { conditionMeanings } from '../../src/meanings/conditions.ts';
import { findingMeanings } from '../../src/meanings/destinations.ts';
import { sourceMeanings } from '../../src/meanings/sources.ts';
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
  [{ ...offline, cause: 'not_the_destination' }, 'connect the right disk or share, or run sluice adopt ingest if this one is meant'],
  [{ ...offline, cause: 'read_only' }, 'mount it with write access'],
  [{ ...offline, cause: 'denied' }, 'let the user of Sluice write there'],
  [{ ...offline, cause: 'unreachable', code: 'ENOENT' }, 'mount the share or create the folder'],
  [{ ...offline, cause: 'timeout' }, 'bring the storage or the network back'],
  [{ kind: 'source_away', forMs: 0, state: 'missing', code: 'ENOENT', path: null }, 'mount the disk of the source'],
  [{ kind: 'source_away', forMs: 0, state: 'unreadable', code: 'EACCES', path: 'a' }, 'let the user of Sluice read it, or exclude it'],
  [{ kind: 'source_away', forMs: 0, state: 'silent', code: null, path: null }, 'check the storage of the source'],
  [
    { kind: 'source_away', forMs: 0, state: 'suddenly_empty', code: null, path: null },
    'mount the disk of the source, or run sluice rescan ingest if somebody cleared it',
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

test('conditionLine: the remedy is said once, after how long it has lasted', () => {
  const wall = Date.parse(since) + 720_000;
  const lineOf = (text: string, remedy: string): string =>
    conditionLine({ route: 'ingest', kind: 'destination_offline', since, files: null, text, remedy, called: true }, wall);
  assert.is(
    lineOf('/mnt/nas cannot be reached (EIO)', 'bring it back'),
    'ingest: /mnt/nas cannot be reached (EIO), for 12 min: bring it back',
  );
});

/** Every condition that can come, and for an offline destination or source every cause that docs/messages.md explains. */
const all: readonly AnyCondition[] = [
  ...Object.values(conditionMeanings).flatMap(({ examples }): readonly AnyCondition[] => examples),
  ...Object.values(findingMeanings).flatMap(({ examples }) =>
    examples.map((found) => ({ kind: 'destination_offline', forMs: 60_000, ...found }) as const),
  ),
  ...Object.values(sourceMeanings).flatMap(({ examples }) => examples.map((away) => ({ kind: 'source_away', forMs: 0, ...away }) as const)),
];
for (const [index, condition] of all.entries()) {
  const [text, remedy] = [conditionText(condition), conditionRemedy(condition, 'ingest')];
  test(`condition ${index}: ${text}, for 12 min: ${remedy}`, () => {
    assert.not.ok(text.includes(remedy), 'the remedy is said once');
    for (const each of [text, remedy, `${text}, for 12 min: ${remedy}`]) assert.ok(isForOperators(each), each);
    assert.not.match(remedy, /[.?!]$/);
  });
}

for (const found of Object.values(findingMeanings).flatMap(({ examples }) => examples)) {
  test(`findingText: the same remedy as that of the condition: ${findingText(found, 'ingest').operator}`, () => {
    const remedy = conditionRemedy({ kind: 'destination_offline', forMs: 0, ...found }, 'ingest');
    const { operator } = findingText(found, 'ingest');
    assert.ok(operator.endsWith(`; ${remedy}`) || findingRemedy(found, 'ingest') === null, remedy);
    assert.ok(isForOperators(operator));
  });
}

test.run();
