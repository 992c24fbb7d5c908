import type { FileEvent, GateEvent, RouteEvent } from '@sluice/core';
import { errorKinds, gateCauses, routeSettings } from '@sluice/core/fixtures';
import { type HookEnd, type LeftAlone, type Refusal, routeTroubleNames, type UnmatchedPattern } from '@sluice/core/model';
import fc, { type Arbitrary } from 'fast-check';
import { copyNote, count, eachOf, finding, flag, id, orNull, plain, text, texts, wall } from './arbitraries.ts';

const identity = plain({ device: text, inode: text });
const action = fc.constantFrom('retry', 'skip', 'first', 'acknowledge');
const readback = orNull(fc.constantFrom('direct', 'cached', 'size'));

const refusal = eachOf<Refusal>({
  route_not_configured: { route: text },
  unknown_route: { route: text, routes: texts },
  nothing_left: {},
  name_invalid: {},
  about_to_be_copied: {},
  not_settled: {},
  route_held: { by: text },
  being_published: {},
  skipped_already: {},
  file_held: {},
  completed: {},
  source_gone: {},
  being_copied: {},
  nothing_to_acknowledge: {},
  not_held: {},
  destination_online: {},
  destination_offline: { destination: text, cause: orNull(fc.constantFrom(...gateCauses)), code: orNull(text), finding },
});

const room = plain({
  isFull: flag,
  freeBytes: orNull(count),
  totalBytes: orNull(count),
  keepFree: fc.oneof(plain({ bytes: count }), plain({ share: fc.constantFrom(0, 0.02, 1) })),
  reservedBytes: count,
  files: count,
  bytes: count,
  tooLarge: orNull(plain({ files: count, source: text, sizeBytes: count })),
});

export const fileEvent = eachOf<FileEvent>({
  found: {},
  found_again: { after: id },
  recovery_found: { by: id },
  name_invalid: {},
  source_changes: {},
  settled: {},
  recording: {},
  stuck: {},
  held_by_writer: {},
  emptied: {},
  superseded: { by: id },
  paused: { times: count, stableAfterMs: count, restMs: count },
  same_bytes: { mtimeNs: fc.bigInt().map(String) },
  source_gone: {},
  renamed: { to: text },
  renamed_from: { from: text },
  source_missing: {},
  source_unchanged: {},
  failed_too_often: {},
  no_use_trying: {},
  queued: {},
  destination_offline: {},
  destination_answers: {},
  destination_not_reached: { code: text },
  no_room: {},
  room_again: {},
  agent_started: {},
  agent_stops: {},
  asked: { action, by: text, reason: orNull(text) },
  refused: { action, by: text, reason: orNull(text), why: refusal },
  route_held: {},
  held: {},
  skipped: {},
  hold_ended: {},
  pause_over: {},
  name_taken: { taken: text },
  name_given_up: { from: text },
  name_yielded: { from: text },
  copy_begins: { part: orNull(text), compare: flag },
  link_begins: { from: text },
  not_linked: { from: text, why: fc.constantFrom('differs', 'refused') },
  created: { part: orNull(text), identity },
  source_grew: {},
  withdrawn: {},
  copied: { hash: text, bytes: count },
  publish: { as: text, readback },
  claim: { as: text },
  claimed: { as: text, identity },
  published: { as: text, notes: fc.array(copyNote, { maxLength: 2 }) },
  already_there: { as: text, notes: fc.array(copyNote, { maxLength: 2 }) },
  linked: { as: text, from: text },
  failed: { error: fc.constantFrom(...errorKinds), code: text },
  parts_removed: { removed: texts, kept: texts },
  leftover_to_mark: { from: text, to: text },
  leftover_marked: { from: text, to: text, outcome: fc.constantFrom('done', 'gone', 'refused') },
});

export const routeEvent = eachOf<RouteEvent>({
  marker_intended: { marker: text, destination: text },
  destination_known: { marker: text, destination: text },
  destination_forgotten: { destination: text },
  destination_adopted: { by: text, reason: orNull(text), before: orNull(text), destination: text },
  held: { by: text, since: wall, until: orNull(wall), reason: text },
  released: { by: text, reason: orNull(text) },
  hold_expired: {},
  renamed: {
    what: fc.constantFrom('file', 'folder', 'files_of_folder'),
    from: text,
    to: text,
    files: count,
    onRename: orNull(fc.constantFrom('copy', 'link')),
  },
  rescan_asked: { by: text, reason: orNull(text) },
  first: { sources: texts },
  links_refused: { code: text },
  parts_to_remove: { parts: texts },
  source_state: {
    state: fc.constantFrom('ok', 'missing', 'unreadable', 'silent', 'suddenly_empty'),
    code: orNull(text),
    path: orNull(text),
  },
  source_not_watched: { code: orNull(text) },
  configured: {
    settings: fc.record({ stableAfterMs: count, source: text }).map((changes) => routeSettings(changes)),
    changed: fc.subarray(['stableAfterMs', 'include'] as const).map((names) => [...names]),
    by: text,
  },
  unconfigured: { by: text },
  room_short: { forMs: count, room },
  room_enough: { forMs: count },
  person_called: {
    troubles: fc.subarray([...routeTroubleNames]).map((names) => [...names]),
    since: fc.dictionary(fc.constantFrom(...routeTroubleNames), wall, { noNullPrototype: true }),
  },
  hook_ended: {
    hook: fc.constantFrom('on_attention', 'on_done', 'before_probe'),
    program: text,
    calls: count,
    tookMs: count,
    end: eachOf<HookEnd>({
      ended: { code: count, diagnosis: text },
      killed: { signal: text, diagnosis: text },
      overdue: { afterMs: count, diagnosis: text },
      not_started: { why: text },
    }),
  },
  left_alone: {
    leftAlone: fc.array(
      plain<LeftAlone>({ rule: fc.constantFrom('excluded', 'dotfile'), pattern: orNull(text), count, folders: count, examples: texts }),
      { maxLength: 3 },
    ),
    unmatched: fc.array(plain<UnmatchedPattern>({ setting: fc.constantFrom('include', 'exclude'), pattern: text }), { maxLength: 3 }),
  },
});

export const gateEvent: Arbitrary<GateEvent> = eachOf<GateEvent>({
  gate_opened: { destination: text },
  gate_closed: { destination: text, cause: fc.constantFrom(...gateCauses), code: orNull(text), finding },
});
