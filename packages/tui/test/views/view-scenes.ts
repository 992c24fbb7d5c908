import type { ConditionJson, LogNote, Replies } from '@sluice/control';
import type { LogDialog, SafeDialog, SettingsDialog } from '../../src/model/dialogs.ts';
import type { Model } from '../../src/model/model.ts';
import { calmFrame, log, model, now, offline, outageFrame, route, row } from './sample-model.ts';

type Scene = (columns: number, rows: number) => Model;

const scene =
  (change: Partial<Model> = {}): Scene =>
  (columns, rows) =>
    model(columns, rows, change);

const levels = ['info', 'warn', 'error'] as const;
const sentences = [
  'day1/A001_C003_0915B2.mxf: copied and verified',
  '/mnt/nas/ingest cannot be reached (EIO)',
  'day1/live.mxf: the destination went offline, at 95.9%; a new copy (day1/live_1.mxf) starts when the destination is online again',
] as const;

/** Fifty lines, one every 100 s. */
export const manyNotes: readonly LogNote[] = Array.from({ length: 50 }, (_, index) => ({
  v: 1,
  at: new Date(now - (50 - index) * 100_000).toISOString(),
  seq: index + 1,
  level: levels[index % 3] ?? 'info',
  route: index % 2 === 0 ? 'ingest' : 'archive',
  text: sentences[index % 3] ?? '',
}));

export const openLog = (change: Partial<LogDialog> = {}): LogDialog => ({
  kind: 'log',
  notes: manyNotes,
  older: null,
  newer: null,
  last: 49,
  asked: null,
  trouble: null,
  ...change,
});

const file = '/etc/sluice/sluice.toml';
export const settings: Replies['settings']['settings'] = [
  { table: '[agent]', key: 'state_dir', value: '"/var/lib/sluice"', from: 'default' },
  { table: '[agent]', key: 'lanes', value: '6', from: `${file}:3` },
  { table: '[agent]', key: 'on_attention', value: '["/usr/local/bin/page", "{summary}"]', from: `${file}:4` },
  { table: '[journal]', key: 'keep_days', value: '90', from: 'default' },
  { table: '[[route]] ingest', key: 'source', value: '"/ingest"', from: `${file}:8` },
  { table: '[[route]] ingest', key: 'stable_after', value: '"2s"', from: '--stable-after' },
  {
    table: '[route.growing] ingest',
    key: 'include',
    value: '["**/*.{mxf,mov,mp4,m4v,ts,mts,m2ts,mkv,avi,wav,bwf,braw,dv}"]',
    from: 'default',
  },
];

export const openSettings = (change: Partial<SettingsDialog> = {}): SettingsDialog => ({
  kind: 'settings',
  settings,
  hidesDefaults: false,
  trouble: null,
  scroll: 0,
  ...change,
});

export const openSafe = (change: Partial<SafeDialog> = {}): SafeDialog => ({
  kind: 'safe',
  asked: { route: 'ingest', folder: 'day1', reads: false },
  progress: null,
  answer: null,
  trouble: null,
  scroll: 0,
  ...change,
});

const notSafe = {
  isSafe: false,
  verdict: 'NOT SAFE: 2 files of 1,205 files (482 GB) in day1 must not be cleared',
  files: [
    {
      route: 'ingest',
      path: 'day1/f1.mxf',
      text: 'its copy day1/f1.mxf is missing at the destination; copy it again with "sluice retry FILE"',
    },
    { route: 'ingest', path: 'day1/note.txt', text: 'not copied: exclude "*.txt" leaves it alone' },
  ],
  more: 3,
  notes: ['left alone: names that begin with a dot: 1 file (.DS_Store)'],
} as const;

const held = { by: 'anna', since: offline.since, until: null, reason: 'maintenance' };

/** The conditions of an agent with several problems. */
export const conditions: readonly ConditionJson[] = [
  {
    ...{ route: null, kind: 'state_disk_nearly_full', since: offline.since, files: null, called: true },
    text: 'the disk of the state folder /var/lib/sluice is nearly full: 180 MB free',
    remedy: 'make room on that disk: when it is full, nothing is copied',
  },
  {
    ...{ route: 'ingest', kind: 'destination_offline', since: offline.since, files: null, called: true },
    text: 'the destination does not answer',
    remedy: 'bring the storage or the network back',
  },
  {
    ...{ route: 'ingest', kind: 'files_lost', since: offline.since, files: 3, called: true },
    text: '3 files vanished at the source before they were copied, such as day1/card_b/late.mov',
    remedy: 'find out what removed them, then run sluice acknowledge FILE, or --all',
  },
];

const troubled = outageFrame({
  conditions,
  routes: [route({ gate: offline, lost: 3 }), route({ name: 'archive', gate: { ...offline, state: 'open', cause: null }, hold: held })],
});
const lostRow = { ...row({ id: 'lost', source: 'day1/card_b/late.mov', status: 'REMOVED', sourceGone: true }), isLost: true as const };

const copied = { status: 'COMPLETED', copied: true, readback: 'direct', endedAt: offline.since } as const;
const failing = { to: 'delete', code: 'EACCES', retryAt: new Date(now + 600_000).toISOString() } as const;
const removals = [
  { ...row({ id: 'r1', source: 'day1/a.mxf', ...copied, afterCopy: 'pending' }), removal: { to: 'delete', code: null } as const },
  { ...row({ id: 'r2', source: 'day1/b.mxf', ...copied, status: 'COMPLETED_DELETE_FAILED', afterCopy: 'failed' }), removal: failing },
  row({ id: 'r3', source: 'day1/c.mxf', ...copied, afterCopy: 'done', sourceGone: true }),
];
const removalFrame = calmFrame({ conditions: [], rows: { total: 3, matched: 3, offset: 0, rows: removals } });
const removedEntry = {
  seq: 9,
  from: null,
  to: null,
  event: 'source_removed',
  detail: { archive: null, archivedAs: null, folders: [] },
} as const;

/** The views that fill the screen, except the detail and the help. */
export const viewScenes: Readonly<Record<string, Scene>> = {
  log: scene({ frame: calmFrame(), dialogs: [openLog()] }),
  'log-older': scene({ dialogs: [openLog({ last: 30, older: 1, newer: 51 })] }),
  'log-loading': scene({ log, dialogs: [openLog({ notes: [], last: -1, asked: { before: null, after: null } })] }),
  'log-help': scene({ frame: calmFrame(), dialogs: [openLog(), { kind: 'help', scroll: 0 }] }),
  settings: scene({ frame: calmFrame(), dialogs: [openSettings()] }),
  'settings-changed': scene({ frame: calmFrame(), dialogs: [openSettings({ hidesDefaults: true })] }),
  conditions: scene({ frame: troubled, dialogs: [{ kind: 'conditions', scroll: 0 }] }),
  'conditions-none': scene({
    frame: calmFrame({ conditions: [], routes: [route({ gate: { ...offline, state: 'open', cause: null } })] }),
    dialogs: [{ kind: 'conditions', scroll: 0 }],
  }),
  'safe-ask': scene({
    frame: calmFrame(),
    dialogs: [
      {
        kind: 'ask_safe',
        targets: [
          { route: 'ingest', source: '/ingest', folder: '' },
          { route: 'ingest', source: '/ingest', folder: 'day1' },
        ],
        at: 1,
        typed: 'day1',
        reads: false,
      },
    ],
  }),
  'safe-running': scene({
    frame: calmFrame(),
    dialogs: [openSafe({ progress: { files: 412, bytes: 160e9, allFiles: 1_205, allBytes: 482e9 } })],
  }),
  'safe-not': scene({ frame: calmFrame(), dialogs: [openSafe({ answer: notSafe })] }),
  'safe-yes': scene({
    frame: calmFrame(),
    dialogs: [
      openSafe({
        answer: {
          isSafe: true,
          verdict: 'SAFE TO CLEAR: 3 files (900 KB) in day2 have verified copies at every destination',
          files: [],
          more: 0,
          notes: [],
        },
      }),
    ],
  }),
  removals: scene({ frame: removalFrame, selected: 'r2' }),
  'removal-failing': scene({
    frame: removalFrame,
    selected: 'r2',
    dialogs: [{ kind: 'detail', id: 'r2', files: removals.slice(1, 2).map(({ file }) => ({ file, timeline: [] })), scroll: 0 }],
  }),
  'removal-done': scene({
    frame: removalFrame,
    selected: 'r3',
    dialogs: [
      {
        ...{ kind: 'detail', id: 'r3', scroll: 0 },
        files: removals.slice(2).map(({ file }) => ({ file, timeline: [{ ...removedEntry, at: new Date(now).toISOString() }] })),
      },
    ],
  }),
  lost: scene({
    frame: calmFrame({
      verdict: { ok: false, text: 'ingest: a.mov vanished at the source' },
      routes: [route({ gate: { ...offline, state: 'open', cause: null }, lost: 1 })],
      rows: { total: 1, matched: 1, offset: 0, rows: [lostRow] },
    }),
    selected: 'lost',
  }),
};
