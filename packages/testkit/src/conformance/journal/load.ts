import { routeName, type TrackedFile } from '@sluice/core/model';
import * as assert from 'uvu/assert';
import { append, type Claim } from './claim.ts';
import { newestFiles } from './files.ts';
import {
  completed,
  discovered,
  failed,
  fileFact,
  gateChange,
  known,
  ready,
  removed,
  routeFact,
  sampleId,
  sampleRoute,
  story,
  verifying,
} from './samples.ts';

/** Unusual file names. Linux does not allow the last ones, but a journal has to store any text exactly. */
export const hostileNames: readonly string[] = [
  "a'; DROP TABLE files; --",
  'line\nbreak\r\n',
  '"double" \\ back `tick`',
  'tab\tbell\u0007escape\u001b[2J',
  ' leading and trailing ',
  '*?[abc]{x,y}%_',
  'e\u0301 is not \u00e9',
  '\u00e9 is not e\u0301',
  '\u202egnp.txt',
  '\ufffd\ufffd.mxf',
  '\u{1f3a5}.mov',
  '../../etc/passwd',
  'n'.repeat(255),
  `${'deep/'.repeat(800)}x`,
  '\ud800 high',
  '\udfff low',
  '\ud801 high',
  'nul\0one',
  'nul\0two',
  'nul\0d800 high',
];

/** Tests of loading. */
export function loading(claim: Claim): void {
  const files: readonly TrackedFile[] = [
    discovered(1, 'z'),
    ready(2, 'y', { hold: 'operator', nameReason: 'recovery', nameNumber: 3, burned: ['b_1', 'b_2'], recoveryOf: sampleId(99) }),
    ready(3, 'held', { hold: 'needs_you', retryAt: 5_000 }),
    verifying(4, 'x'),
    completed(5, 'w', { recoveredBy: null, hash: null, readback: 'size', copied: false }),
    completed(6, 'v', { status: 'COMPLETED_DELETE_FAILED', afterCopy: 'failed' }),
    failed(7, 'u', { left: null, leftParts: ['.u.00000007.part'], toMark: [{ from: 'u', to: 'u.failed', leastBytes: 2 ** 52 }] }),
    failed(8, 't', { fingerprint: { sizeBytes: Number.MAX_SAFE_INTEGER, mtimeNs: '-1' } }),
    removed(9, 's'),
  ];

  claim('load returns exactly the files, oldest first', (under) => {
    append(under.journal, ...files.flatMap(story));
    assert.equal(newestFiles(under.journal, sampleRoute), files);
    assert.equal(newestFiles(under.reopen(), sampleRoute), files);
  });

  claim('load returns the newest attempt of each source, for each route', (under) => {
    const other = { route: routeName('other') };
    append(under.journal, ...story(failed(1, 'a')), ...story(completed(2, 'a', other)), ...story(failed(3, 'a')), ...story(ready(4, 'a')));
    append(under.journal, fileFact(failed(1, 'a', { recoveredBy: sampleId(3) })));
    assert.equal(newestFiles(under.reopen(), sampleRoute, 'other'), [completed(2, 'a', other), ready(4, 'a')]);
  });

  claim('a fact replaces the record and keeps its place', (under) => {
    append(under.journal, ...story(ready(1, 'a')), ...story(ready(2, 'b')), fileFact(ready(1, 'a', { destination: 'a_1', nameNumber: 1 })));
    assert.equal(under.reopen().load().files, [ready(1, 'a', { destination: 'a_1', nameNumber: 1 }), ready(2, 'b')]);
  });

  claim('load returns the names of failed files that left a file behind', (under) => {
    append(under.journal, ...files.flatMap(story), ...story(completed(20, 'z2', { destination: 'z2_1' })));
    append(under.journal, ...story(failed(21, 'again', { left: 'again' })), ...story(completed(22, 'again', { destination: 'again_1' })));
    assert.equal(
      under
        .reopen()
        .load()
        .usedNames.map(({ route, destination, fileId }) => [route, destination, fileId]),
      [
        [sampleRoute, 't', sampleId(8)],
        [sampleRoute, 'again', sampleId(21)],
      ],
    );
  });

  claim('load returns the newest fact of each route and key, by number', (under) => {
    const hold = { kind: 'held', by: 'op', since: 1, until: null, reason: 'lunch\n\u{1f96a}' } as const;
    const other = routeName('other');
    const facts = [
      routeFact({ ...hold, reason: 'first' }),
      routeFact(known),
      routeFact({ kind: 'released', by: 'somebody', reason: null }, other),
      gateChange('closed'),
      routeFact(hold),
    ];
    const added = append(under.journal, ...facts);
    assert.equal(under.reopen().load().routeFacts, [added[1], added[2], added[4]]);
  });

  claim('load returns the outage that has not ended, from its first closing', (under) => {
    const closedAt = (at: number, over: Parameters<typeof gateChange>[1] = {}) => ({ ...gateChange('closed', over), at });
    append(under.journal, closedAt(1_000), { ...gateChange('open'), at: 2_000 });
    assert.is(under.journal.load().outages, undefined);
    append(under.journal, closedAt(3_000), closedAt(4_000, { cause: 'hung' }));
    assert.equal(under.reopen().load().outages, [{ route: sampleRoute, destination: '/mnt/nas', since: 3_000 }]);
  });
}

/** Tests with text that a careless journal changes or cannot store. */
export function loadingHostileText(claim: Claim): void {
  claim('unusual names are returned unchanged, each as a separate file', (under) => {
    const named = hostileNames.map((source, index) => completed(index + 1, source, { destination: `${source}_1`, nameValid: false }));
    for (const file of named) append(under.journal, ...story(file));
    const reopened = under.reopen();
    assert.equal(reopened.load().files, named);
    for (const { id, route, destination } of named) assert.is(reopened.ended.ownerOf(route, destination), id, destination);
  });

  claim('unusual text in events is returned unchanged', (under) => {
    const event = { kind: 'first', sources: [...hostileNames, '__proto__ of\0', '\'"; --'] } as const;
    const finding = { kind: 'unspecified', technical: "a\nb'; --" } as const;
    append(under.journal, routeFact(event), gateChange('closed', { finding }));
    assert.equal(under.reopen().load().routeFacts[0]?.event, event);
  });
}
