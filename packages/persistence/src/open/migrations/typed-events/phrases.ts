// Converts what the journal of 0.1.0 stored as English phrases into the form of version 3. Frozen: later forms are later
// migrations.

/** An event as it is stored: its kind in one column, the rest as JSON in another. */
export interface Stored {
  readonly kind: string;
  readonly [key: string]: unknown;
}

type Detail = Readonly<Record<string, unknown>>;

/** Phrases that became a kind and kept their detail. */
const fileKinds: Readonly<Record<string, string>> = {
  found: 'found',
  'name cannot be carried': 'name_invalid',
  'source moves': 'source_changes',
  settled: 'settled',
  recording: 'recording',
  'does not come to rest': 'stuck',
  'held by its writer': 'held_by_writer',
  'same bytes': 'same_bytes',
  'gone from the source': 'source_gone',
  'source as it was': 'source_unchanged',
  'failed too often': 'failed_too_often',
  queued: 'queued',
  'destination went away': 'destination_offline',
  'destination answers': 'destination_answers',
  'destination not reached': 'destination_not_reached',
  'no room': 'no_room',
  'room again': 'room_again',
  'agent started': 'agent_started',
  'agent stops': 'agent_stops',
  skipped: 'skipped',
  'hold ended': 'hold_ended',
  'pause over': 'pause_over',
  'name taken': 'name_taken',
  created: 'created',
  'source grew': 'source_grew',
  withdrawn: 'withdrawn',
  copied: 'copied',
  publish: 'publish',
  claimed: 'claimed',
  'parts removed': 'parts_removed',
  'leftover to be marked': 'leftover_to_mark',
  'leftover marked': 'leftover_marked',
  'leftover not marked': 'leftover_marked',
};

/** Converts an event of a file. @param to the new state; null: a fact */
export function fileEvent(phrase: string, detail: Detail, to: string | null): Stored {
  if (to === 'FAILED') return { kind: 'failed', error: phrase, code: textOf(detail['code']) };
  const asked = /^(retry|skip|first) (asked|came too late)$/.exec(phrase);
  if (asked !== null) return askedEvent(asked[1] ?? '', asked[2] === 'asked', detail);
  switch (phrase) {
    case 'held':
      return { kind: to === null ? 'held' : 'route_held' };
    case 'found again':
      return 'by' in detail ? { kind: 'recovery_found', by: detail['by'] } : { kind: 'found_again', after: detail['after'] };
    case 'renamed':
      return { kind: 'name_yielded', from: detail['from'] };
    case 'copy begins':
      return { kind: 'copy_begins', part: detail['part'] ?? null, compare: detail['compare'] === true };
    case 'claim':
      return { kind: 'claim', as: detail['as'] };
    case 'published':
      return { kind: 'published', as: detail['as'], notes: copyNotes(detail['notes']) };
    case 'already there':
      return { kind: 'already_there', as: detail['as'], notes: copyNotes(detail['notes']) };
    default:
      return { kind: kindOf(fileKinds, phrase), ...detail };
  }
}

function askedEvent(action: string, isDone: boolean, { by, reason, why }: Detail): Stored {
  const who = { action, by: textOf(by), reason: reason ?? null };
  return isDone ? { kind: 'asked', ...who } : { kind: 'refused', ...who, why: refusalOf(textOf(why)) };
}

const refusals: Readonly<Record<string, string>> = {
  'it is over, and nothing of it is left to be done': 'nothing_left',
  'its name is not valid UTF-8; rename it at the source': 'name_invalid',
  'it is about to be carried': 'about_to_be_copied',
  'it is carried as soon as it comes to rest': 'not_settled',
  'it is carried and just being given its name': 'being_published',
  'it is skipped already': 'skipped_already',
  'it is held; retry it': 'file_held',
  'it is carried and verified already': 'completed',
  'it is gone from the source': 'source_gone',
  'it is being carried': 'being_copied',
};

function refusalOf(why: string): Stored {
  const holder = /^its route is held by (.*); release the route$/s.exec(why)?.[1];
  if (holder !== undefined) return { kind: 'route_held', by: holder };
  const route = /^its route (".*") is not configured any more$/s.exec(why)?.[1];
  if (route !== undefined) return { kind: 'route_not_configured', route: String(JSON.parse(route)) };
  return { kind: refusals[why] ?? 'nothing_left' };
}

/** Converts the notes about a copy. */
export function copyNotes(notes: unknown): readonly Stored[] {
  return Array.isArray(notes) ? notes.map((note) => copyNote(textOf(note))) : [];
}

function copyNote(note: string): Stored {
  const refused = /^(times|mode) not set: (.*)$/s.exec(note);
  if (refused !== null) return { kind: `${refused[1]}_not_set`, code: refused[2] };
  const readings = /its bytes were the same (\d+) times$/.exec(note)?.[1];
  return readings === undefined ? { kind: 'source_removed' } : { kind: 'change_time_moved', readings: Number(readings) };
}

const routeKinds: Readonly<Record<string, string>> = {
  'marker intended': 'marker_intended',
  'destination known': 'destination_known',
  'destination adopted': 'destination_adopted',
  held: 'held',
  'rescan asked': 'rescan_asked',
  'carried first': 'first',
  'links are refused': 'links_refused',
  'parts to be removed': 'parts_to_remove',
  'source is listed only': 'source_not_watched',
};

/** Converts an event of a route. */
export function routeEvent(phrase: string, detail: Detail): Stored {
  if (phrase === 'released') {
    const isExpired = detail['by'] === 'Sluice' && detail['reason'] === 'its time is over';
    return isExpired ? { kind: 'hold_expired' } : { kind: 'released', by: detail['by'], reason: detail['reason'] ?? null };
  }
  if (phrase === 'destination forgotten') return { kind: 'destination_forgotten', destination: detail['destination'] };
  if (phrase.startsWith('source ') && 'state' in detail) {
    return { kind: 'source_state', state: detail['state'], code: detail['code'] ?? null, path: detail['path'] ?? null };
  }
  return { kind: kindOf(routeKinds, phrase), ...detail };
}

/** A phrase that no released program wrote is kept unchanged. */
function kindOf(kinds: Readonly<Record<string, string>>, phrase: string): string {
  const kind = Object.hasOwn(kinds, phrase) ? kinds[phrase] : undefined;
  return kind ?? phrase.replaceAll(/\W+/g, '_');
}

/** Returns a text, or `unknown` for any other value. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : 'unknown';
}
