import type { FileJson, LogNote, OutageJson, ScreenFrame, ScreenRoute, ScreenRow, TimelineJson } from '@sluice/control';
import type { FileEvent } from '@sluice/core';
import { errorKinds, gateCauses } from '@sluice/core/fixtures';
import { anyCharacter } from '@sluice/core/fixtures/any-character';
import { statuses, unreachable } from '@sluice/core/model';
import { screenSorts, screenTabs } from '@sluice/lists';
import fc, { type Arbitrary } from 'fast-check';
import type { Dialog, FileStory, Model, SetUp, Tour } from '../../src/model/model.ts';
import type { Offer } from '../../src/model/starter.ts';
import { hostileNames } from './hostile-names.ts';
import { anyView, hostileView } from './random-views.ts';
import { calmFrame, file, now, route, timeline } from './sample-model.ts';

/** Any name: the hostile ones, any code units, and parts of both. */
const name: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.tuple(fc.constantFrom(...hostileNames), fc.constantFrom(...hostileNames)).map(([a, b]) => (a + b).slice(0, 255)),
);

/** Includes what a faulty agent might send. */
const figure: Arbitrary<number> = fc.oneof(
  fc.nat(1_000_000_000_000_000),
  fc.constantFrom(0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, 0.5),
);
const time = fc.oneof(
  fc.integer({ min: -86_400_000 * 400, max: 86_400_000 }).map((ms) => new Date(now + ms).toISOString()),
  fc.constantFrom('', 'never', '9999-12-31T23:59:59.999Z'),
);
const maybe = <Of>(arbitrary: Arbitrary<Of>): Arbitrary<Of | null> => fc.option(arbitrary, { nil: null });
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');

const error = fc.record({ kind: fc.constantFrom(...errorKinds), code: name, percent: figure, operator: name, technical: name });

const anyFile: Arbitrary<FileJson> = fc
  .record({
    id,
    route: name,
    source: name,
    destination: name,
    nameValid: fc.boolean(),
    status: fc.constantFrom(...statuses),
    hold: maybe(fc.constantFrom('network', 'space', 'backoff', 'operator', 'needs_you')),
    phase: maybe(fc.constantFrom('following', 'draining', 'settling', 'reading_back')),
    behindBytes: maybe(figure),
    sizeBytes: figure,
    copiedBytes: figure,
    percent: figure,
    bytesPerSecond: figure,
    error: maybe(error),
    recoveredBy: maybe(id),
    copied: maybe(fc.boolean()),
    readback: maybe(fc.constantFrom('direct', 'cached', 'size')),
    hash: maybe(fc.constant({ algorithm: 'xxh64', value: '0123456789abcdef' } as const)),
    endedAt: maybe(time),
  })
  .map((change) => file(change as Partial<FileJson>));

const anyRow: Arbitrary<ScreenRow> = fc.record({
  file: anyFile,
  depth: fc.constantFrom(0, 1),
  reason: name,
  etaMs: maybe(figure),
  phaseDone: maybe(figure),
});

const anyRoute: Arbitrary<ScreenRoute> = fc
  .record({
    name,
    source: name,
    destination: name,
    sourceDescription: maybe(name),
    destinationDescription: maybe(name),
    unread: maybe(fc.record({ path: name, code: maybe(name) })),
    gate: fc.record({
      state: fc.constantFrom('open', 'closed'),
      since: time,
      cause: maybe(fc.constantFrom(...gateCauses)),
      code: maybe(name),
      operator: name,
      technical: name,
    }),
    sourceState: fc.record({
      state: fc.constantFrom('ok', 'missing', 'unreadable', 'silent', 'suddenly_empty', 'unknown'),
      since: time,
      lastListingAt: maybe(time),
      freeBytes: maybe(figure),
      fullInMs: maybe(figure),
    }),
    space: fc.record({ totalBytes: maybe(figure), freeBytes: maybe(figure), level: fc.constantFrom('ok', 'warn', 'full', 'unknown') }),
    waiting: figure,
    nextProbeInMs: maybe(figure),
    hold: maybe(fc.record({ by: name, since: time, until: maybe(time), reason: name })),
  })
  .map((change) => route(change as Partial<ScreenRoute>));

const totals = fc.record({
  needsYou: figure,
  recording: figure,
  waiting: figure,
  done: figure,
  failed: figure,
  recovered: figure,
  leftBytes: figure,
  bytesPerSecond: figure,
  etaMs: maybe(figure),
});

const anyFrame: Arbitrary<ScreenFrame> = fc
  .record({
    at: time,
    verdict: fc.record({ ok: fc.boolean(), text: name }),
    routes: fc.array(anyRoute, { maxLength: 5 }),
    totals,
    throughput: fc.array(figure, { maxLength: 70 }),
    rows: fc.record({ total: figure, matched: figure, offset: fc.nat(1000), rows: fc.array(anyRow, { maxLength: 30 }) }),
  })
  .map((change) => calmFrame(change));

/** Kinds of events whose text shows a part of their detail. */
const tellingKinds = [
  'found_again',
  'destination_not_reached',
  'asked',
  'refused',
  'name_taken',
  'copy_begins',
  'copied',
  'publish',
  'claimed',
  'published',
  'failed',
  'parts_removed',
  'leftover_marked',
  'leftover_removal_asked',
  'leftover_to_remove',
  'leftover_removed',
  'removal_unproven',
  'removal_asked',
  'removal_begins',
  'removal_put_off',
  'source_hidden',
  'source_to_remove',
  'source_removed',
  'source_to_restore',
  'source_restored',
  'source_name_taken',
  'removal_failed',
  'removal_off',
] as const satisfies readonly FileEvent['kind'][];

const detailKey = fc.constantFrom(
  'after',
  'as',
  'by',
  'bytes',
  'code',
  'from',
  'hash',
  'notes',
  'part',
  'reason',
  'removed',
  'taken',
  'to',
);

const story: Arbitrary<FileStory> = fc.record({
  file: anyFile,
  timeline: fc.array(
    fc.record({
      seq: fc.nat(),
      at: time,
      from: maybe(fc.constantFrom(...statuses)),
      to: maybe(fc.constantFrom(...statuses)),
      event: fc.oneof(name, fc.constantFrom(...tellingKinds)),
      detail: fc.dictionary(fc.oneof(name, detailKey), fc.oneof(name, figure, fc.constant(null), fc.array(name, { maxLength: 2 }))),
    }),
    { maxLength: 5 },
  ),
});

const offer: Arbitrary<Offer> = fc.oneof(
  fc.record({
    kind: fc.constant('start' as const),
    by: name,
    stateDir: name,
    routes: fc.array(fc.record({ name, source: name, destination: name }), { maxLength: 30 }),
  }),
  fc.record({ kind: fc.constant('set_up' as const), file: name }),
  fc.record({ kind: fc.constant('cannot' as const), problems: fc.array(name, { maxLength: 8 }) }),
);

const folder = fc.record({
  typed: name,
  isAsking: fc.boolean(),
  check: maybe(fc.record({ path: name, text: name, verdict: fc.constantFrom('good', 'doubtful', 'impossible') })),
});

const setUp = fc.record({
  file: name,
  step: fc.constantFrom('source', 'destination', 'confirm'),
  source: folder,
  destination: folder,
  isWriting: fc.boolean(),
  trouble: maybe(name),
});

const note: Arbitrary<LogNote> = fc.record({
  v: fc.constant(1 as const),
  at: time,
  seq: fc.nat(),
  level: fc.constantFrom('info', 'warn', 'error'),
  route: name,
  text: name,
});

const dialog: Arbitrary<Dialog> = fc.oneof(
  anyView({ name, figure, note }),
  fc.record({ kind: fc.constant('help' as const), scroll: fc.nat(40) }),
  fc.record({ kind: fc.constant('detail' as const), id, files: maybe(fc.array(story, { maxLength: 3 })), scroll: fc.integer() }),
  fc.record({
    kind: fc.constant('confirm' as const),
    intent: fc.constant({ do: 'leave' } as const),
    lines: fc.array(name, { maxLength: 8 }),
    expected: maybe(name),
    typed: name,
  }),
  fc.record({ kind: fc.constant('message' as const), lines: fc.array(name, { maxLength: 8 }) }),
  fc.record({ kind: fc.constant('offer' as const), offer, isStarting: fc.boolean(), trouble: maybe(name) }),
  fc.record({ kind: fc.constant('set_up' as const), setUp }),
);

const outage: Arbitrary<OutageJson> = fc.record({
  route: name,
  since: time,
  until: maybe(time),
  cause: maybe(fc.constantFrom(...gateCauses)),
  code: maybe(name),
  operator: name,
  technical: name,
});

const tour: Arbitrary<Tour> = fc.record({
  step: fc.nat(9),
  steps: fc.nat(9),
  shows: fc.array(name, { maxLength: 3 }),
  hints: fc.array(name, { maxLength: 3 }),
  storage: fc.constantFrom('right', 'wrong', 'gone'),
  isPlayed: fc.boolean(),
});

export const anySize = fc.record({ columns: fc.integer({ min: 1, max: 250 }), rows: fc.integer({ min: 1, max: 80 }) });

/** Any model, of any size from 1x1 to 250x80. */
export const anyModel: Arbitrary<Model> = fc.record({
  size: anySize,
  now: fc.constantFrom(now, now + 86_400_000, 0, Number.NaN),
  link: fc.oneof(
    fc.constantFrom({ kind: 'connecting' } as const, { kind: 'connected' } as const),
    fc.record({
      kind: fc.constant('lost' as const),
      why: name,
      cause: fc.constantFrom('not_running', 'refused', 'away'),
      sinceAt: fc.constantFrom(now, 0, Number.NaN),
    }),
  ),
  frame: fc.option(anyFrame, { nil: null, freq: 10 }),
  frozen: fc.option(anyFrame, { nil: null, freq: 1 }),
  tab: fc.constantFrom(...screenTabs, 'history' as const),
  sort: fc.constantFrom(...screenSorts),
  isReversed: fc.boolean(),
  hideRecovered: fc.boolean(),
  filter: fc.record({ text: name, isEditing: fc.boolean() }),
  selected: maybe(id),
  at: fc.nat(2000),
  isAtTop: fc.boolean(),
  touchedAt: fc.constantFrom(now, 0),
  top: fc.nat(2000),
  dialogs: fc.oneof(fc.constant([]), fc.array(dialog, { maxLength: 2 })),
  log: fc.array(note, { maxLength: 10 }),
  history: fc.record({
    range: fc.constantFrom('24h', '7d', '30d', 'all'),
    files: fc.array(anyFile, { maxLength: 20 }),
    outages: fc.array(outage, { maxLength: 5 }),
    hasMore: fc.boolean(),
    filter: fc.constantFrom('', 'a', 'state:failed'),
    askedFilter: fc.constantFrom('', 'a'),
    sums: fc.option(fc.array(fc.record({ from: fc.integer(), files: figure, bytes: figure }), { maxLength: 5 })),
    endedThen: fc.nat(),
    isLoading: fc.boolean(),
    trouble: maybe(name),
    selected: maybe(id),
    top: fc.oneof(fc.integer(), fc.constant(Number.NaN)),
  }),
  isReadOnly: fc.boolean(),
  hasMouse: fc.boolean(),
  tour: maybe(tour),
  notice: maybe(fc.record({ text: name, isBad: fc.boolean(), untilAt: fc.constantFrom(now + 1, 0) })),
});

/** Puts a hostile name in every place where one can be, because a random model might miss one. */
export function hostileModel(hostile: string, columns: number, rows: number, base: (columns: number, rows: number) => Model): Model {
  const drawn = base(columns, rows);
  const renamed = (each: FileJson): FileJson => ({ ...each, source: hostile, destination: hostile });
  const frame =
    drawn.frame === null
      ? null
      : {
          ...drawn.frame,
          rows: { ...drawn.frame.rows, rows: drawn.frame.rows.rows.map((row) => ({ ...row, file: renamed(row.file), reason: hostile })) },
        };
  return {
    ...drawn,
    frame,
    log: drawn.log.map((each) => ({ ...each, text: hostile })),
    filter: { ...drawn.filter, text: hostile },
    history: {
      ...drawn.history,
      files: drawn.history.files.map(renamed),
      outages: drawn.history.outages.map((each) => ({ ...each, operator: hostile, route: hostile })),
    },
    dialogs: drawn.dialogs.map((dialog) => hostileDialog(dialog, hostile, renamed)),
  };
}

function hostileDialog(of: Dialog, hostile: string, renamed: (each: FileJson) => FileJson): Dialog {
  switch (of.kind) {
    case 'detail':
      return {
        ...of,
        files: of.files?.map((each) => ({ file: renamed(each.file), timeline: hostileTimeline(hostile) })) ?? null,
      };
    case 'confirm':
      return { ...of, lines: [hostile], expected: of.expected === null ? null : hostile, typed: hostile };
    case 'message':
      return { ...of, lines: [hostile] };
    case 'offer':
      return { ...of, offer: hostileOffer(hostile), trouble: hostile };
    case 'set_up':
      return { ...of, setUp: hostileSetUp(of.setUp, hostile) };
    case 'help':
      return of;
    case 'ask_safe':
    case 'conditions':
    case 'log':
    case 'safe':
    case 'settings':
      return hostileView(of, hostile);
    default:
      return unreachable(of);
  }
}

function hostileTimeline(hostile: string): readonly TimelineJson[] {
  const [first] = timeline;
  if (first === undefined) throw new Error('the sample has no timeline');
  const asked = { action: 'skip', by: hostile, reason: hostile };
  return [
    ...timeline.map((entry) => ({ ...entry, event: hostile })),
    { ...first, event: 'asked', detail: asked },
    { ...first, event: 'refused', detail: { ...asked, why: { kind: 'route_held', by: hostile } } },
    { ...first, event: 'name_taken', detail: { taken: hostile } },
    { ...first, event: 'copy_begins', detail: { part: hostile, compare: false } },
    { ...first, event: 'parts_removed', detail: { removed: [hostile], kept: [hostile] } },
  ];
}

function hostileOffer(hostile: string): Offer {
  return { kind: 'start', by: hostile, stateDir: hostile, routes: [{ name: hostile, source: hostile, destination: hostile }] };
}

function hostileSetUp(of: SetUp, hostile: string): SetUp {
  const field = { typed: hostile, isAsking: false, check: { path: hostile, text: hostile, verdict: 'doubtful' } } as const;
  return { ...of, file: hostile, source: field, destination: field, trouble: hostile };
}
