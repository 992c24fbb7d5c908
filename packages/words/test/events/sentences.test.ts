import { type FileEvent, type GateEvent, type JournalRecord, type RouteEvent, routeFactKeys } from '@sluice/core';
import { fileOf, routeSettings } from '@sluice/core/fixtures';
import { type FileOf, fileId, routeName, type TrackedFile } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sentenceOf } from '../../src/events/sentences.ts';
import { momentText } from '../../src/figures/clock.ts';

const route = routeName('ingest');
const named = { source: 'day1/clip.mxf', destination: 'day1/clip.mxf' };
const completed = fileOf('COMPLETED', { ...named, copied: true }) as FileOf<'COMPLETED'>;
const failed = fileOf('FAILED', {
  ...named,
  error: {
    kind: 'checksum_mismatch',
    percent: 100,
    reason: { kind: 'call', fault: { side: 'destination', code: 'MISMATCH', operation: 'read back', message: 'hash' } },
    follows: { kind: 'nothing' },
  },
}) as FileOf<'FAILED'>;
const removed = fileOf('REMOVED', named) as FileOf<'REMOVED'>;

const record = { seq: 1, at: 0 } as const;
const became = (file: TrackedFile, to = file.status, event: FileEvent = { kind: 'settled' }): JournalRecord => ({
  kind: 'transition',
  ...record,
  event,
  from: 'READY',
  to,
  file,
});
const fileFact = (event: FileEvent): JournalRecord => ({ kind: 'file_fact', ...record, event, file: completed });
const gate = (event: GateEvent): JournalRecord => ({ kind: 'gate', ...record, route, event });

const by = { by: 'ann from 192.0.2.7', reason: 'wrong take' };

const ofFiles: readonly (readonly [JournalRecord, level: string, text: string])[] = [
  [became(completed), 'info', 'day1/clip.mxf: copied and verified'],
  [became({ ...completed, readback: 'size' }), 'info', 'day1/clip.mxf: copied, compared by size only'],
  [became({ ...completed, copied: false }), 'info', 'day1/clip.mxf: the same bytes are already at the destination'],
  [became({ ...completed, destination: 'day1/clip_1.mxf' }), 'info', 'day1/clip.mxf (as day1/clip_1.mxf): copied and verified'],
  [
    became({ ...completed, copied: false }, 'COMPLETED', { kind: 'linked', as: 'day1/clip.mxf', from: 'day1/a.mxf' }),
    'info',
    'day1/clip.mxf: its copy day1/a.mxf has this name too, compared and linked',
  ],
  [
    became(failed),
    'error',
    'day1/clip.mxf: the bytes read back differ from the bytes written; no copy follows, because the file is gone from the source',
  ],
  [became(removed), 'warn', 'day1/clip.mxf: removed from the source before it was copied'],
  [
    became(removed, 'REMOVED', { kind: 'renamed', to: 'b.mxf' }),
    'debug',
    'day1/clip.mxf: renamed to b.mxf at the source before it was copied',
  ],
  [became(completed, 'READY'), 'debug', 'day1/clip.mxf: READY (settled)'],
  [fileFact({ kind: 'asked', action: 'retry', ...by }), 'info', 'day1/clip.mxf: retried by ann from 192.0.2.7: wrong take'],
  [fileFact({ kind: 'asked', action: 'skip', by: 'ann', reason: null }), 'info', 'day1/clip.mxf: skipped by ann'],
  [fileFact({ kind: 'asked', action: 'first', by: 'ann', reason: '' }), 'info', 'day1/clip.mxf: moved to the front by ann'],
  [
    fileFact({ kind: 'refused', action: 'skip', ...by, why: { kind: 'completed' } }),
    'warn',
    'day1/clip.mxf: skip requested by ann from 192.0.2.7 came too late: it is already copied and verified',
  ],
  [fileFact({ kind: 'emptied' }), 'warn', 'day1/clip.mxf: emptied at the source; the copy at the destination stays'],
  [
    fileFact({ kind: 'paused', times: 2, stableAfterMs: 30_000, restMs: 120_000 }),
    'warn',
    'day1/clip.mxf changed again 2 times after it was copied: stable_after (30 s) is too short for it. Raise it; until then, Sluice copies the file after 2 min without a change',
  ],
  [fileFact({ kind: 'claim', as: 'x' }), 'debug', 'day1/clip.mxf: claiming the name x'],
];

const finding = { kind: 'marker_missing', expected: 'm' } as const;
const ofGates: readonly (readonly [JournalRecord, level: string, text: string])[] = [
  [gate({ kind: 'gate_opened', destination: '/mnt/nas' }), 'info', 'the destination is online'],
  [
    gate({ kind: 'gate_closed', destination: '/mnt/nas', cause: 'not_the_destination', code: 'MARKER', finding }),
    'warn',
    'WRONG DISK: the marker file that Sluice left in /mnt/nas is missing; connect the right disk or share, or run sluice adopt ingest if this one is meant',
  ],
];

type RouteRows = {
  readonly [Kind in RouteEvent['kind']]: readonly (readonly [
    Omit<Extract<RouteEvent, { readonly kind: Kind }>, 'kind'>,
    level: string,
    text: string,
  ])[];
};
const destination = '/mnt/nas';
const room = {
  isFull: false,
  freeBytes: 2.6e9,
  totalBytes: 1e11,
  keepFree: { bytes: 2e9 },
  reservedBytes: 0,
  files: 1,
  bytes: 7.34e8,
  tooLarge: null,
} as const;
const ofRoutes: RouteRows = {
  marker_intended: [[{ marker: 'm', destination }, 'debug', 'writing the marker of /mnt/nas']],
  destination_known: [[{ marker: 'm', destination }, 'debug', 'the destination /mnt/nas is known by its marker']],
  destination_forgotten: [[{ destination }, 'debug', 'the marker of /mnt/nas is forgotten']],
  source_adopted: [
    [
      { ...by, files: 2 },
      'warn',
      'ann from 192.0.2.7 adopted the source as it is now; 2 files of an earlier disk are not removed any more: wrong take',
    ],
  ],
  destination_adopted: [
    [
      { ...by, before: null, destination },
      'warn',
      'ann from 192.0.2.7 adopted the destination as it is now: wrong take; what is missing there is copied again only after "sluice retry FILE", where "*" stands for all',
    ],
  ],
  held: [
    [{ ...by, since: 0, until: null }, 'warn', 'held by ann from 192.0.2.7: wrong take'],
    [{ by: 'ann', reason: '', since: 0, until: 0 }, 'warn', `held until ${momentText(0)} by ann`],
  ],
  released: [[{ by: 'ann', reason: null }, 'info', 'released by ann']],
  hold_expired: [[{}, 'info', 'released: the hold has expired']],
  renamed: [
    [
      { what: 'file', from: 'a.mxf', to: 'b.mxf', files: 1, onRename: 'copy' },
      'info',
      'a.mxf was renamed to b.mxf: it is copied again under the new name',
    ],
  ],
  rescan_asked: [[by, 'info', 'a new scan of the source was requested by ann from 192.0.2.7: wrong take']],
  stop_asked: [
    [{ ...by, mode: 'graceful' }, 'info', 'the agent stops, requested by ann from 192.0.2.7: wrong take'],
    [{ by: 'SIGTERM', reason: null, mode: 'drain' }, 'info', 'the agent finishes its running copies and stops, requested by SIGTERM'],
  ],
  prune_asked: [
    [
      { ...by, before: 0 },
      'info',
      `what ended before ${momentText(0)} is removed from the journal, requested by ann from 192.0.2.7: wrong take`,
    ],
  ],
  reload_ended: [
    [
      { ...by, file: '/etc/sluice.toml', problem: null, changes: 3, waiting: 1, ofAgent: ['agent.lanes', 'log.level'] },
      'info',
      '/etc/sluice.toml was read again: 3 changes, of which 1 needs a restart: agent.lanes, log.level (requested by ann from 192.0.2.7: wrong take)',
    ],
    [
      {
        by: 'SIGHUP',
        reason: null,
        file: '/s',
        problem: 'cannot read /s:7: unknown key "stable_since"',
        changes: 0,
        waiting: 0,
        ofAgent: [],
      },
      'warn',
      'the agent goes on with its present settings: cannot read /s:7: unknown key "stable_since" (requested by SIGHUP)',
    ],
  ],
  configured: [
    [{ settings: routeSettings(), changed: [] }, 'debug', 'copies /in to /mnt/nas'],
    [{ settings: routeSettings(), changed: ['stableAfterMs', 'include'] }, 'info', 'these settings changed: stable_after, include'],
    [{ settings: routeSettings(), changed: [], by: 'ann' }, 'info', 'copies /in to /mnt/nas (reload by ann)'],
    [{ settings: routeSettings(), changed: ['rates'], by: 'SIGHUP' }, 'info', 'these settings changed (reload by SIGHUP): [[route.rate]]'],
  ],
  unconfigured: [
    [{}, 'info', 'this route is not configured any more; what it copied stays in the journal'],
    [{ by: 'ann' }, 'info', 'this route is not configured any more (reload by ann); what it copied stays in the journal'],
  ],
  first: [[{ sources: ['a', 'b'] }, 'debug', 'copied first: 2 files']],
  links_refused: [[{ code: 'EPERM' }, 'debug', 'the destination has no links (EPERM)']],
  parts_to_remove: [[{ parts: ['a'] }, 'debug', 'removing 1 temporary files']],
  source_state: [
    [{ state: 'ok', code: null, path: null }, 'info', 'the source is available'],
    [
      { state: 'missing', code: 'ENOENT', path: null },
      'error',
      'the source is missing (ENOENT); none of its files is treated as removed; mount the disk of the source',
    ],
    [
      { state: 'silent', code: 'SILENT', path: null },
      'error',
      'the source does not answer (SILENT); none of its files is treated as removed; check the storage of the source',
    ],
    [
      { state: 'unreadable', code: 'EIO', path: null },
      'error',
      'the source cannot be read (EIO); none of its files is treated as removed; let the user of Sluice read it',
    ],
    [
      { state: 'unreadable', code: 'EACCES', path: 'day1/locked' },
      'error',
      'day1/locked in the source cannot be read (EACCES); everything else is copied, and nothing in it is treated as removed; let the user of Sluice read it, or exclude it',
    ],
    [
      { state: 'suddenly_empty', code: null, path: null },
      'error',
      'the source is suddenly empty, or another disk is mounted there; none of its files is treated as removed; mount the disk of the source, or run sluice rescan ingest if somebody cleared it',
    ],
  ],
  source_not_watched: [[{ code: 'ENOSPC' }, 'warn', 'the system has no watches left (ENOSPC): Sluice finds new files by scans only']],
  room_short: [
    [
      { forMs: 2_000, room },
      'warn',
      'no room at the destination: 2.60 GB free; space.keep_free = 2.00 GB must stay free; 1 file, 734 MB waits',
    ],
    [
      { forMs: 1_202_000, room: { ...room, isFull: true, freeBytes: 1.99e9, files: 3 } },
      'warn',
      'the destination is full: 1.99 GB free; space.keep_free = 2.00 GB must stay free; 3 files, 734 MB wait (for 20 min now)',
    ],
  ],
  room_enough: [[{ forMs: 1_202_000 }, 'info', 'the destination has room again, after 20 min']],
  person_called: [
    [{ troubles: ['wrong_disk', 'room'] }, 'debug', 'a person was called for: wrong disk, room'],
    [{ troubles: [] }, 'debug', 'the trouble that a person was called for is over'],
  ],
  hook_ended: [
    [
      { hook: 'on_done', program: '/bin/index', calls: 12, tookMs: 100, end: { kind: 'ended', code: 0, diagnosis: '' } },
      'info',
      'on_done: /bin/index ended with exit code 0, for 12 files',
    ],
    [
      {
        hook: 'on_attention',
        program: '/bin/page',
        calls: 1,
        tookMs: 100,
        end: { kind: 'ended', code: 3, diagnosis: 'a\nb\nc\nno modem\n' },
      },
      'warn',
      'on_attention: /bin/page ended with exit code 3 (b | c | no modem), for 1 message',
    ],
    [
      { hook: 'before_probe', program: 'mount', calls: 1, tookMs: 60_000, end: { kind: 'overdue', afterMs: 60_000, diagnosis: '' } },
      'warn',
      'before_probe: mount ran too long, so Sluice ended it and everything it had started, after 60 s',
    ],
    [
      { hook: 'before_probe', program: 'mount', calls: 1, tookMs: 10, end: { kind: 'killed', signal: 'SIGBUS', diagnosis: '' } },
      'warn',
      'before_probe: mount was ended by SIGBUS',
    ],
    [
      { hook: 'on_done', program: '/no/such', calls: 2, tookMs: 0, end: { kind: 'not_started', why: 'ENOENT' } },
      'warn',
      'on_done: /no/such cannot be run: ENOENT; check on_done in sluice.toml, for 2 files',
    ],
  ],
  left_alone: [
    [
      { leftAlone: [{ rule: 'excluded', pattern: 'proxy/', count: 2, folders: 1, examples: ['a', 'b'] }], unmatched: [] },
      'info',
      'left alone: exclude "proxy/": 1 folder and 1 file (a, b)',
    ],
    [{ leftAlone: [], unmatched: [{ setting: 'include', pattern: '*.mfx' }] }, 'warn', 'include "*.mfx" matches nothing'],
    [{ leftAlone: [], unmatched: [{ setting: 'exclude', pattern: 'x/' }] }, 'info', 'exclude "x/" matches nothing'],
  ],
};

const routeRows = Object.entries(ofRoutes).flatMap(([kind, rows]) =>
  rows.map(([detail, level, text]): readonly [JournalRecord, string, string] => {
    const event = { kind, ...detail } as RouteEvent;
    return [{ kind: 'route_fact', ...record, route, key: routeFactKeys[event.kind], event }, level, text];
  }),
);

for (const [record, level, text] of [...ofFiles, ...ofGates, ...routeRows]) {
  test(`sentenceOf: ${text}`, () => {
    const sentence = sentenceOf(record);
    assert.equal([sentence.level, sentence.text, sentence.route], [level, text, route]);
  });
}

test('sentenceOf: an event that another version wrote is shown by its name', () => {
  const event = { kind: 'source_sealed' } as unknown as RouteEvent;
  assert.is(sentenceOf({ kind: 'route_fact', ...record, route, key: 'note', event }).text, 'source sealed');
});

const routeFact = (event: RouteEvent): JournalRecord => ({ kind: 'route_fact', ...record, route, key: routeFactKeys[event.kind], event });

const causes: Readonly<Record<string, readonly [JournalRecord, who: ReturnType<typeof sentenceOf>['who']]>> = {
  'a hold': [routeFact({ kind: 'held', ...by, since: 0, until: null }), by],
  'a hold without a reason': [routeFact({ kind: 'held', by: 'ann', reason: '', since: 0, until: null }), { by: 'ann', reason: null }],
  'the end of the agent': [
    routeFact({ kind: 'stop_asked', by: 'SIGTERM', reason: null, mode: 'graceful' }),
    { by: 'SIGTERM', reason: null },
  ],
  'a retry': [fileFact({ kind: 'asked', action: 'retry', ...by }), by],
  'the removal of a leftover': [fileFact({ kind: 'leftover_removal_asked', name: 'a.mxf', ...by }), by],
  'a removal at the source': [fileFact({ kind: 'removal_asked', ...by }), by],
  'what nobody asked for': [fileFact({ kind: 'source_gone' }), undefined],
  'an attempt that follows another one': [fileFact({ kind: 'recovery_found', by: fileId('f') }), undefined],
};

for (const [what, [of, who]] of Object.entries(causes)) {
  test(`sentenceOf: the operator and the reason: ${what}`, () => {
    assert.equal(sentenceOf(of).who, who);
  });
}

test.run();
