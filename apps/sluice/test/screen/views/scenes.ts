import type { FileStory, Model } from '../../../src/screen/model.ts';
import {
  again,
  calmFrame,
  endedFiles,
  failed,
  historyOutages,
  model,
  now,
  offline,
  outageFrame,
  route,
  row,
  timeline,
} from './sample-model.ts';

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

const stories: readonly FileStory[] = [
  { file: failed.file, timeline },
  { file: again.file, timeline: timeline.slice(0, 2) },
];

const history: Model['history'] = { range: '7d', files: endedFiles, outages: historyOutages, isLoading: false, scroll: 0 };
const missing = { ...route().sourceState, state: 'missing' } as const;
const strange = { ...offline, cause: 'not_the_destination' } as const;
const held = { by: 'anna', since: offline.since, until: null, reason: 'maintenance' };
const full = { totalBytes: 10e12, freeBytes: 0, level: 'full' } as const;

/** All states of a recording and of proof. */
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
      verdict: { ok: false, text: 'ingest: 1 needs you' },
      totals: { ...calmFrame().totals, needsYou: 1, failed: 1 },
      rows: rowsOf([
        row({ id: 'n', source: 'bad\ufffd.mov', hold: 'needs_you', nameValid: false }),
        { ...failed, file: { ...failed.file, recoveredBy: null } },
      ]),
    }),
    tab: 'needs_you',
    selected: 'n',
  }),
  stale: scene({ link: { kind: 'lost', why: 'ECONNREFUSED', sinceAt: now - 5000 }, isReadOnly: true }),
  frozen: scene({ frozen: outageFrame(), frame: calmFrame(), now: now + 60_000, sort: 'size', isReversed: true, hideRecovered: true }),
  connecting: scene({ frame: null, link: { kind: 'connecting' }, log: [] }),
  filter: scene({
    filter: { text: 'state:failed video', isEditing: true },
    frame: outageFrame({ rows: { total: 98_629, matched: 2, offset: 0, rows: [failed, again] } }),
    notice: { text: 'video1.mxf: it is held; retry it', isBad: true, untilAt: now + 1 },
  }),
  notice: scene({ notice: { text: 'video1.mxf is tried again', isBad: false, untilAt: now + 1 } }),
  detail: scene({ dialogs: [{ kind: 'detail', id: 'failed', files: stories, scroll: 0 }] }),
  help: scene({ dialogs: [{ kind: 'help' }] }),
  history: scene({ tab: 'history', selected: null, history }),
  'confirm-hold': scene({
    dialogs: [
      {
        kind: 'confirm',
        intent: { do: 'hold', route: 'ingest' },
        lines: ['Hold ingest?', 'No new copies begin; running ones finish. Kept over restarts.'],
        wanted: null,
        typed: '',
      },
    ],
  }),
  'confirm-adopt': scene({
    dialogs: [
      {
        kind: 'confirm',
        intent: { do: 'adopt', route: 'ingest' },
        lines: [
          '/mnt/nas/ingest (ext4 /dev/sdb1)',
          '  known as      0f3c',
          '  found there   no marker',
          '  of the last 20 files carried 0 are there',
        ],
        wanted: 'ingest',
        typed: 'ing',
      },
    ],
  }),
  message: scene({ dialogs: [{ kind: 'message', lines: ['Nothing was carried yet.'] }] }),
};
