import { evidenceTexts, type Scene as TourScene, tourSteps, tourWords } from '@sluice/words';
import { exportLines } from '../../src/export/export-lines.ts';
import type { FileStory, FolderField, Model, SetUp, Tour } from '../../src/model/model.ts';
import { again, calmFrame, failed, model, now, offline, outageFrame, pair, past, route, row, timeline } from './sample-model.ts';
import { viewScenes } from './view-scenes.ts';

export const sizes = [
  [120, 40],
  [80, 24],
  [40, 12],
] as const;

type Scene = (columns: number, rows: number) => Model;

const scene =
  (change: Partial<Model> = {}): Scene =>
  (columns, rows) =>
    model(columns, rows, change);

const [adoptAll = [], ...adoptShorter] = evidenceTexts({
  v: 1,
  route: 'ingest',
  destination: '/mnt/nas/ingest',
  description: '(ext4 /dev/sdb1)',
  knownMarker: '0f3c51d2-0000-4000-8000-000000000000',
  foundMarker: null,
  asked: 20,
  present: 0,
  missing: ['day1/a.mxf', 'day1/b.mxf', 'day1/c.mxf', 'day1/d.mxf'],
  trouble: null,
});
const adoptLines = { lines: adoptAll, shorter: adoptShorter };

const tour = (at: TourScene, change: Partial<Tour> = {}): Tour => ({
  ...tourWords[at],
  steps: tourSteps,
  storage: 'right',
  isPlayed: false,
  ...change,
});

const stories: readonly FileStory[] = [
  { file: failed.file, timeline },
  { file: again.file, timeline: timeline.slice(0, 2) },
];

const missing = { ...route().sourceState, state: 'missing' } as const;
const strange = { ...offline, cause: 'not_the_destination' } as const;
const held = { by: 'anna', since: offline.since, until: null, reason: 'maintenance' };
const full = { totalBytes: 10e12, freeBytes: 0, level: 'full' } as const;

const nobody = {
  frame: null,
  selected: null,
  log: [],
  link: { kind: 'lost', why: 'no agent is running', cause: 'not_running', sinceAt: now },
} as const satisfies Partial<Model>;

const missingFolder: FolderField = {
  typed: '~/ingset',
  isAsking: false,
  check: { path: '/root/ingset', text: '(LOCAL DISK, same as system) cannot be read: ENOENT', verdict: 'doubtful' },
};
const setUp: SetUp = {
  file: '/root/.config/sluice/sluice.toml',
  step: 'confirm',
  source: {
    typed: '/ingest',
    isAsking: false,
    check: { path: '/ingest', text: '(LOCAL DISK, same as system) 214 files, 48.2 GB', verdict: 'good' },
  },
  destination: {
    typed: '/mnt/nas/ingest',
    isAsking: false,
    check: { path: '/mnt/nas/ingest', text: '(nfs4 nas01:/ingest) online, 3.9 TB free', verdict: 'good' },
  },
  isWriting: false,
  trouble: null,
};

/** All states of a recording and of a verification. */
const phases = [
  row({ id: 'p1', source: 'a.mxf', status: 'GROWING_COPY', phase: 'following', behindBytes: 12e6, bytesPerSecond: 12e6 }),
  row({ id: 'p2', source: 'b.mxf', status: 'GROWING_COPY', phase: 'draining', bytesPerSecond: 90e6 }),
  row({ id: 'p3', source: 'c.mxf', status: 'GROWING_COPY', phase: 'settling' }, { phaseDone: 0.4 }),
  row({ id: 'p4', source: 'd.mxf', status: 'VERIFYING', phase: 'reading_back' }, { phaseDone: 0.72, etaMs: 9000 }),
  row({ id: 'p5', source: 'e.mxf', status: 'COMPLETED', copied: true, readback: 'direct', endedAt: offline.since }),
  row({ id: 'p6', source: 'f.mxf', status: 'COMPLETED', copied: true, readback: 'cached', endedAt: offline.since }),
  row({ id: 'p7', source: 'g.mxf', status: 'COMPLETED', copied: true, readback: 'size', endedAt: offline.since }),
  row({ id: 'p8', source: 'h.mxf', status: 'COMPLETED', copied: false, readback: 'direct', endedAt: offline.since }),
];

const hostile = [
  '\u001b[31mred\u001b]0;x\u0007.mov',
  'rtl\u202efxm.mov',
  '日本語のファイル.mxf',
  '👨‍👩‍👧 e\u0301te\u0301.mov',
  'line\nfeed\ud800.mov',
  'x'.repeat(255),
];

const unreadable = { kind: 'source_unreadable', code: 'EACCES', percent: 0 } as const;
const rowsOf = (rows: ReturnType<typeof outageFrame>['rows']['rows']) => ({ total: rows.length, matched: rows.length, offset: 0, rows });

export const scenes: Readonly<Record<string, Scene>> = {
  outage: scene(),
  calm: scene({ frame: calmFrame(), selected: 'copying' }),
  phases: scene({ frame: calmFrame({ routes: [route()], rows: rowsOf(phases) }), selected: 'p3', tab: 'active' }),
  hostile: scene({
    frame: outageFrame({ rows: rowsOf(hostile.map((source, index) => row({ id: `h${index}`, source }))) }),
    selected: 'h2',
  }),
  'source-missing': scene({
    frame: calmFrame({ verdict: { ok: false, text: 'source missing' }, routes: [route({ sourceState: missing })] }),
  }),
  'wrong-disk': scene({
    frame: outageFrame({
      routes: [route({ gate: strange, waiting: 3 }), route({ name: 'b', space: full }), route({ name: 'c', hold: held })],
    }),
  }),
  'needs-you': scene({
    frame: calmFrame({
      verdict: { ok: false, text: 'ingest: 2 files need you, such as live/unreadable.mov' },
      totals: { ...calmFrame().totals, needsYou: 2, failed: 1 },
      rows: rowsOf([
        row({ id: 'n', source: 'bad\ufffd.mov', hold: 'needs_you', nameValid: false }),
        { ...row({ id: 'u', source: 'live/unreadable.mov', hold: 'needs_you', attempt: 6 }), failure: unreadable },
        { ...failed, file: { ...failed.file, recoveredBy: null } },
      ]),
    }),
    tab: 'needs_you',
    selected: 'n',
  }),
  stale: scene({ link: { kind: 'lost', why: 'ECONNREFUSED', cause: 'away', sinceAt: now - 5000 }, isReadOnly: true }),
  frozen: scene({ frozen: outageFrame(), frame: calmFrame(), now: now + 60_000, sort: 'size', isReversed: true, hideRecovered: true }),
  connecting: scene({ frame: null, link: { kind: 'connecting' }, log: [] }),
  filter: scene({
    filter: { text: 'state:failed video', isEditing: true },
    frame: outageFrame({ rows: { total: 98_629, matched: 2, offset: 0, rows: [failed, again] } }),
    notice: { text: 'video1.mxf: it is skipped or needs you; retry it first', isBad: true, untilAt: now + 1 },
  }),
  notice: scene({ notice: { text: 'video1.mxf will be tried again now', isBad: false, untilAt: now + 1 } }),
  detail: scene({ dialogs: [{ kind: 'detail', id: 'failed', files: stories, scroll: 0 }] }),
  help: scene({ dialogs: [{ kind: 'help', scroll: 0 }] }),
  history: scene({ tab: 'history', selected: null, history: past }),
  'history-pair': scene({
    tab: 'history',
    selected: null,
    history: { ...past, range: 'all', files: [...pair, ...past.files], hasMore: true, selected: 'failed', top: 3 },
  }),
  'history-help': scene({ tab: 'history', selected: null, history: past, dialogs: [{ kind: 'help', scroll: 0 }] }),
  'history-export': scene({
    tab: 'history',
    selected: null,
    history: past,
    dialogs: [
      {
        kind: 'confirm',
        intent: { do: 'redraw' },
        lines: exportLines({ ...past, filter: 'clip', newest: 5_000 }, '/home/ann/sluice-history-7d-2026-11-23-140231.csv'),
        expected: null,
        typed: '',
      },
    ],
  }),
  'confirm-hold': scene({
    dialogs: [
      {
        kind: 'confirm',
        intent: { do: 'hold', route: 'ingest' },
        lines: ['Hold ingest?', 'No new copies start, running copies finish. The hold survives restarts.'],
        expected: null,
        typed: '',
      },
    ],
  }),
  'confirm-adopt': scene({
    dialogs: [
      {
        kind: 'confirm',
        intent: { do: 'adopt', route: 'ingest' },
        ...adoptLines,
        expected: 'ingest',
        typed: 'ing',
      },
    ],
  }),
  'offer-start': scene({
    ...nobody,
    dialogs: [
      {
        kind: 'offer',
        offer: {
          kind: 'start',
          by: '/etc/sluice/sluice.toml',
          stateDir: '/var/lib/sluice',
          routes: [{ name: 'ingest', source: '/ingest', destination: '/mnt/nas/ingest' }],
        },
        isStarting: false,
        trouble: 'an agent already runs on /var/lib/sluice (4711)',
      },
    ],
  }),
  'offer-set-up': scene({
    ...nobody,
    dialogs: [{ kind: 'offer', offer: { kind: 'set_up', file: '/root/.config/sluice/sluice.toml' }, isStarting: false, trouble: null }],
  }),
  'offer-refused': scene({
    ...nobody,
    link: { kind: 'lost', why: 'refused', cause: 'refused', sinceAt: now },
    dialogs: [
      {
        kind: 'offer',
        offer: {
          kind: 'cannot',
          problems: [
            'the agent on /var/lib/sluice belongs to sluice and refuses this user: run the command as sluice, or set socket_group in its sluice.toml to a group that you are a member of',
            'This screen does not start a second agent. It connects as soon as it is allowed to.',
          ],
        },
        isStarting: false,
        trouble: null,
      },
    ],
  }),
  'set-up-source': scene({ ...nobody, dialogs: [{ kind: 'set_up', setUp: { ...setUp, step: 'source', source: missingFolder } }] }),
  'set-up-destination': scene({ ...nobody, dialogs: [{ kind: 'set_up', setUp: { ...setUp, step: 'destination' } }] }),
  'set-up-confirm': scene({ ...nobody, dialogs: [{ kind: 'set_up', setUp }] }),
  tour: scene({ tour: tour('outage') }),
  'tour-wrong-disk': scene({
    frame: outageFrame({ routes: [route({ gate: strange, waiting: 3 })] }),
    tour: tour('wrong', { isPlayed: true, storage: 'wrong' }),
  }),
  'tour-help': scene({ frame: calmFrame(), tour: tour('yours', { isPlayed: true }), dialogs: [{ kind: 'help', scroll: 0 }] }),
  message: scene({ dialogs: [{ kind: 'message', lines: ['Nothing was carried yet.'] }] }),
  ...viewScenes,
};
