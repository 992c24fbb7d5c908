import {
  type Check,
  isAmount,
  isFlag,
  isNumber,
  isText,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  type RemnantsAnswer,
  shapeOf,
  unionOf,
} from '@sluice/child';
import type { Event } from '@sluice/core';
import type {
  CallFault,
  ContentHash,
  CopyNote,
  CopyReport,
  DestinationMount,
  DiskSpace,
  FileIdentity,
  Finding,
  Fingerprint,
  KeptBecause,
  LeftAlone,
  LeftAloneRule,
  LeftoverFound,
  ProbeResult,
  RemovalReport,
  RouteName,
  Selection,
  SourceEntry,
  UnmatchedPattern,
} from '@sluice/core/model';
import type { IntakeMessage, SourceSurvey } from '@sluice/intake';
import type { ProcessIdentity } from '@sluice/platform';
import type { CarrierMessage, Evidence, LeftoversAnswer, ProberMessage, RemoverMessage } from '@sluice/transport';

/**
 * Checks of the messages that the agent accepts from its children. Storage may return anything, and a child may be confused by
 * it. A child that sends an invalid message is ended, and nothing that it sent reaches core or the journal.
 */

const isFingerprint = shapeOf<Fingerprint>({
  sizeBytes: isAmount,
  // Some filesystems keep any 64 bits of seconds: 28 digits.
  mtimeNs: (value) => typeof value === 'string' && /^-?\d{1,28}$/.test(value),
});
const isIdentity = shapeOf<FileIdentity>({ device: isText, inode: isText });
const isEntry = shapeOf<SourceEntry>({
  path: isText,
  nameValid: isFlag,
  fingerprint: isFingerprint,
  identity: orNull(isIdentity),
  changedMs: orAbsent(isNumber),
  medium: orAbsent(isText),
  mode: isAmount,
  mayGrow: isFlag,
});
const isMount = shapeOf<DestinationMount>({
  path: isText,
  mountId: orNull(isNumber),
  marker: orAbsent(isText),
  cache: orAbsent(oneOf('reads', 'writes')),
});
const isHash = shapeOf<ContentHash>({ algorithm: oneOf('xxh64'), value: isText });
const isSide = oneOf('source', 'destination');
const isFault = shapeOf<CallFault>({ side: isSide, code: isText, operation: isText, message: isText });
const isReadback = oneOf('direct', 'cached', 'size');

const isNote = unionOf<CopyNote>({
  times_not_set: { code: isText },
  mode_not_set: { code: isText },
  folder_mode_not_set: { code: isText },
  part_left: { code: isText },
  source_removed: {},
  change_time_moved: { readings: isAmount },
});

const isFinding = unionOf<Finding>({
  not_probed: {},
  answers: {},
  no_answer: { deadlineMs: isAmount },
  calls_hang: { pids: listOf(isNumber) },
  prober_lost: { how: isText },
  agent_ends: { operation: isText },
  call_failed: { operation: isText },
  no_room_for_marker: { operation: isText },
  marker_refused: { operation: isText },
  marker_unclear: { operation: isText },
  marker_denied: { operation: isText },
  marker_missing: { expected: isText },
  marker_differs: { found: isText, expected: isText },
  nothing_mounted: { under: isText },
  unspecified: { technical: isText },
});

const isProbeResult = unionOf<ProbeResult>({
  good: {
    mount: isMount,
    space: shapeOf<DiskSpace>({ totalBytes: orNull(isAmount), freeBytes: orNull(isAmount) }),
    isFull: isFlag,
    description: isText,
    marker: orNull(isText),
  },
  unmarked: { mount: isMount, description: isText },
  bad: {
    cause: oneOf('unknown', 'timeout', 'unreachable', 'not_the_destination', 'read_only', 'denied', 'hung'),
    code: isText,
    finding: isFinding,
    description: orNull(isText),
  },
});

const isRefusal: Check = (value) => isProbeResult(value) && (value as ProbeResult).kind === 'bad';
/** Checks a flag that is absent if it is not set. */
const isTrue: Check = (value) => value === true;

const isReport = unionOf<CopyReport>({
  preflight: {
    preflight: shapeOf<Extract<CopyReport, { kind: 'preflight' }>['preflight']>({
      sourceFingerprint: isFingerprint,
      isOther: isFlag,
      existingSizeBytes: orNull(isNumber),
      freeBytes: orNull(isAmount),
    }),
  },
  held_by_writer: { code: isText },
  creating: {},
  created: { identity: isIdentity },
  name_taken: {},
  already_there: { hash: isHash, readback: isReadback, fingerprint: isFingerprint },
  linked: { hash: isHash, readback: isReadback, fingerprint: isFingerprint },
  not_linked: { why: oneOf('differs', 'refused') },
  progress: {
    syncedBytes: isAmount,
    sizeBytes: isAmount,
    phase: orNull(oneOf('following', 'draining', 'settling', 'reading_back')),
    phaseDone: orNull(isNumber),
  },
  source_grew: { sizeBytes: isAmount },
  copied: { hash: isHash, fingerprint: isFingerprint, readsBack: orAbsent(isTrue) },
  direct_refused: {},
  verified: { readback: isReadback, sourceGone: isFlag },
  source_moved: { sizeBytes: isAmount },
  link_refused: { code: isText },
  claimed: { identity: isIdentity },
  published: { notes: listOf(isNote) },
  source_hashed: { hash: isHash },
  stalled: { side: isSide, operation: isText, sinceMs: isAmount },
  withdrawn: { left: isFlag },
  failed: { fault: isFault, syncedBytes: isAmount, sizeBytes: isAmount, isUncreated: orAbsent(isTrue), takenBytes: orAbsent(isAmount) },
});

const leftAloneChecks = {
  rule: oneOf<LeftAloneRule>(
    'dotfile',
    'temporary',
    'system_file',
    'system_folder',
    'empty',
    'symlink',
    'special',
    'excluded',
    'not_included',
    'destination',
  ),
  pattern: orNull(isText),
  count: isAmount,
  folders: isAmount,
  examples: listOf(isText),
};
const isUnmatched = shapeOf<UnmatchedPattern>({ setting: oneOf('include', 'exclude'), pattern: isText });
const isSelection = shapeOf<Selection>({ leftAlone: listOf(shapeOf<LeftAlone>(leftAloneChecks)), unmatched: listOf(isUnmatched) });

const isOfIntake = unionOf<IntakeMessage>({
  source_state: {
    route: isText,
    state: oneOf('ok', 'missing', 'unreadable', 'silent', 'suddenly_empty'),
    code: orNull(isText),
    unreadPath: orNull(isText),
    freeBytes: orNull(isAmount),
    totalBytes: orAbsent(orNull(isAmount)),
    cacheMs: isAmount,
    description: orNull(isText),
    folder: orAbsent(isText),
  },
  source_listed: { route: isText, files: isAmount },
  entries_seen: { route: isText, entries: listOf(isEntry) },
  paths_noticed: { route: isText, paths: listOf(isText) },
  paths_checked: { route: isText, checkId: isText, present: listOf(isText), absent: listOf(isText) },
  listing_completed: {
    route: isText,
    listingId: isText,
    vanished: listOf(isText),
    isQuick: isFlag,
    processorMs: isAmount,
    entryCount: isAmount,
    youngEmptyCount: isAmount,
    unread: orAbsent(listOf(isText)),
    aside: orAbsent(listOf(isText)),
    selection: isSelection,
  },
  listing_failed: { route: isText, listingId: isText, code: isText },
});

const isOfProber = unionOf<ProberMessage>({
  probe_answered: { route: isText, probeId: isText, result: isProbeResult },
  marker_written: { route: isText, marker: isText },
  marker_refused: { route: isText, result: isRefusal },
});

const keptReasons = [
  'not_replaced',
  'not_known_as_ours',
  'other_file',
  'changed',
  'replacement_gone',
  'other_bytes',
  'failed',
] as const satisfies readonly KeptBecause[];

const isOfCarrier = unionOf<CarrierMessage>({
  disks: { route: isText, areOwn: isFlag },
  copy_reported: { route: isText, fileId: isText, copyId: isText, report: isReport },
  parts_removed: { route: isText, sweepId: isText, removed: listOf(isText), kept: listOf(isText) },
  leftover_marked: {
    route: isText,
    fileId: isText,
    mark: shapeOf<Extract<CarrierMessage, { kind: 'leftover_marked' }>['mark']>({
      from: isText,
      to: isText,
      leastBytes: isAmount,
      inode: orAbsent(isText),
    }),
    outcome: oneOf('done', 'gone', 'refused'),
  },
  leftover_removed: { route: isText, fileId: isText, name: isText, outcome: oneOf('removed', 'gone', ...keptReasons) },
});

const isRemovalReport = unionOf<RemovalReport>({
  removable: {},
  put_off: { why: oneOf('open_for_writing', 'changed', 'missing') },
  hidden: { changeNs: isText },
  not_removed: { why: oneOf('open_for_writing', 'changed') },
  removed: { archivedAs: orNull(isText), folders: listOf(isText) },
  restored: { wasHidden: isFlag },
  name_taken: {},
  failed: { code: isText, operation: isText },
});

const isOfRemover = unionOf<RemoverMessage>({
  removal_reported: { route: isText, fileId: isText, removalId: isText, report: isRemovalReport },
});

/** Accepts only messages about the route of the child. */
function onRoute(check: Check, route: RouteName): Check {
  return (value) => check(value) && (value as Event & { readonly route: RouteName }).route === route;
}

/** Returns the check of messages from an intake process of this route. */
export function acceptsOfIntake(route: RouteName): Check {
  return onRoute(isOfIntake, route);
}

/** Returns the check of messages from a prober process of this route. */
export function acceptsOfProber(route: RouteName): Check {
  return onRoute(isOfProber, route);
}

/** Returns the check of messages from a carrier process of this route. */
export function acceptsOfCarrier(route: RouteName): Check {
  return onRoute(isOfCarrier, route);
}

/** Returns the check of the messages that a remover process of this route may send. */
export function acceptsOfRemover(route: RouteName): Check {
  return onRoute(isOfRemover, route);
}

/** Checks whether a message is the answer to a survey of a source. */
export const isSurvey: Check = shapeOf<SourceSurvey>({
  description: isText,
  mayLackLinks: isFlag,
  failure: orNull(isText),
  unreadPath: orNull(isText),
  taken: isAmount,
  takenBytes: isAmount,
  folders: isAmount,
  watchLimit: orNull(isAmount),
  largest: orNull(shapeOf<NonNullable<SourceSurvey['largest']>>({ path: isText, sizeBytes: isAmount })),
  invalidNames: listOf(isText),
  invalidCount: isAmount,
  leftAlone: listOf(shapeOf<SourceSurvey['leftAlone'][number]>({ ...leftAloneChecks, sentence: isText })),
  unmatched: listOf(isUnmatched),
});

const isFound = shapeOf<Evidence>({
  description: isText,
  marker: unionOf<Evidence['marker']>({ found: { marker: isText }, none: {}, unclear: {} }),
  present: listOf(isText),
  missing: listOf(isText),
  changed: listOf(isText),
});
const isFailed = shapeOf<{ readonly failed: string }>({ failed: isText });

/** Checks whether a message is evidence about a destination, or the reason why there is none. */
export const isEvidence: Check = (value) => isFound(value) || isFailed(value);

/** Checks an answer about leftovers. */
export const isLeftoversAnswer: Check = unionOf<LeftoversAnswer>({
  compared: {
    found: listOf(shapeOf<LeftoverFound>({ kept: orNull(oneOf(...keptReasons)), sizeBytes: orNull(isAmount), code: orAbsent(isText) })),
  },
  away: { cause: isText, code: orNull(isText) },
});

export const isRemnantsAnswer: Check = shapeOf<RemnantsAnswer>({
  ended: listOf(isText),
  stillThere: listOf(
    shapeOf<RemnantsAnswer['stillThere'][number]>({
      value: isText,
      identity: shapeOf<ProcessIdentity>({ bootId: isText, pid: isAmount, startTime: isText }),
    }),
  ),
});
