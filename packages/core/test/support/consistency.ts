import type { JournalRecord } from '../../src/messages/record.ts';
import { isEnded, statuses, type TrackedFile } from '../../src/model/file.ts';
import { countLanes, emptyLaneCounts, isSmall } from '../../src/state/lanes.ts';
import type { CoreState } from '../../src/state/state.ts';
import { transitions } from '../../src/state/work.ts';

/** Returns the inconsistencies of a state, as text. A consistent state has none. */
export function contradictions(state: CoreState): string[] {
  return [...allFiles(state).flatMap((file) => misplaced(state, file)), ...lost(state), ...twoLive(state), ...miscounted(state)];
}

/** The lane counts match the files. */
function miscounted(state: CoreState): string[] {
  return [...state.routes.values()].flatMap((route) => {
    const counts = emptyLaneCounts();
    for (const file of allFiles(state)) if (file.route === route.settings.name) countLanes(state.settings, counts, file, 1);
    const [is, should] = [JSON.stringify(route.lanes), JSON.stringify(counts)];
    return is === should ? [] : [`lanes of ${route.settings.name}: ${is}, and not ${should}`];
  });
}

const allFiles = (state: CoreState): TrackedFile[] => [...state.files.values()];

/** Every file is in the sets that its record requires, and in no others. */
function misplaced(state: CoreState, file: TrackedFile): string[] {
  const route = state.routes.get(file.route);
  if (route === undefined) return [`${file.source}: no route ${file.route}`];
  const isMovable = file.status === 'READY' && file.hold === null;
  const claims: readonly (readonly [string, boolean, boolean])[] = [
    ...statuses.map((status) => [status, route.byStatus[status].has(file.id), status === file.status && !isEnded(status)] as const),
    ['movable', route.movable.has(file.id), isMovable],
    ['movableGrowing', route.movableGrowing.has(file.id), isMovable && file.growing],
    ['movableLarge', route.movableLarge.has(file.id), isMovable && !file.growing && !isSmall(state.settings, file.fingerprint)],
    ['movableSmall', route.movableSmall.has(file.id), isMovable && !file.growing && isSmall(state.settings, file.fingerprint)],
    ['toMark', route.toMark.has(file.id), file.toMark.length > 0],
    ['leaving', route.leaving.has(file.id), (file.leftovers ?? []).length > 0],
  ];
  return claims.flatMap(([set, is, should]) =>
    is === should ? [] : [`${file.source} is ${file.status}, and ${is ? '' : 'not '}in ${set}`],
  );
}

/** No set names a file that does not exist. */
function lost(state: CoreState): string[] {
  return [...state.routes.values()].flatMap((route) => {
    const sets: [string, Iterable<string>][] = [
      ...statuses.map((status): [string, Iterable<string>] => [status, route.byStatus[status]]),
      ['movable', route.movable],
      ['movableGrowing', route.movableGrowing],
      ['movableLarge', route.movableLarge],
      ['movableSmall', route.movableSmall],
      ['newest', route.newest.values()],
      ['toMark', route.toMark],
      ['leaving', route.leaving],
      ['removingLeftover', route.removingLeftover],
      ['departed', route.departed],
    ];
    return sets.flatMap(([set, ids]) => [...ids].filter((id) => !state.files.has(id as never)).map((id) => `${set} names ${id}`));
  });
}

/** At most one live tracked file per lineage, and it is the newest of its path. */
function twoLive(state: CoreState): string[] {
  return allFiles(state).flatMap((file) => {
    if (isEnded(file.status)) return [];
    const newest = state.routes.get(file.route)?.newest.get(file.source);
    return newest === file.id ? [] : [`${file.source} is ${file.status}, and not the newest of its path`];
  });
}

/** Returns what in a journal contradicts the table of transitions, or the journal itself. */
export function brokenStories(journal: readonly JournalRecord[]): string[] {
  const last = new Map<string, TrackedFile['status']>();
  return journal.flatMap((record) => {
    if (record.kind !== 'transition' && record.kind !== 'file_fact') return [];
    const before = last.get(record.file.id) ?? null;
    last.set(record.file.id, record.file.status);
    if (record.kind === 'file_fact')
      return before === record.file.status ? [] : [`${record.seq}: a fact of ${record.file.status} after ${before}`];
    const isKnown = before === null ? record.to === 'DISCOVERED' : transitions[before].includes(record.to);
    return before === record.from && isKnown ? [] : [`${record.seq}: ${record.from} > ${record.to} after ${before}`];
  });
}
