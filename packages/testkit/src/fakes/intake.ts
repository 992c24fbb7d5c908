import { createSourceDiff, type Effect, type Event, limits, type RouteName, type SourceEntry, type SourceStateName } from '@sluice/core';
import type { SimClock } from '../sim-clock.ts';
import type { ReadableSource } from './source.ts';

type ListEffect = Extract<Effect, { kind: 'list_source' }>;
type LookEffect = Extract<Effect, { kind: 'look' }>;

/** What an intake process does: it looks, and tells what changed. */
export interface FakeIntake {
  perform(effect: ListEffect | LookEffect): void;
  /** A watcher thinks that something happened there. */
  notice(path: string): void;
  /** It dies by itself; a new one knows nothing. */
  crash(): void;
}

export interface FakeIntakeSetting {
  readonly clock: SimClock;
  readonly route: RouteName;
  readonly source: ReadableSource;
  readonly offer: (event: Event) => void;
  readonly silentAfterMs: number;
}

const restartMs = 200;
const answerMs = 2;

export function createFakeIntake({ clock, route, source, offer, silentAfterMs }: FakeIntakeSetting): FakeIntake {
  let diff = createSourceDiff();
  let toldState: SourceStateName | null = null;
  let generation = 0;
  let isDown = false;

  const tellState = (state: SourceStateName, code: string | null): void => {
    if (toldState === state) return;
    toldState = state;
    offer({ kind: 'source_state', route, state, code, unreadPath: null, freeBytes: 1e12, cacheMs: 0, description: '(simulated)' });
  };

  const tellEntries = (entries: readonly SourceEntry[]): void => {
    if (entries.length > 0) offer({ kind: 'entries_seen', route, entries });
  };

  const fail = (effect: ListEffect, state: SourceStateName, code: string): void => {
    tellState(state, code);
    offer({ kind: 'listing_failed', route, listingId: effect.listingId, code });
  };

  const list = (effect: ListEffect): void => {
    const weather = source.weather();
    if (weather === 'missing') fail(effect, 'missing', 'ENOENT');
    else if (weather === 'unreadable') fail(effect, 'unreadable', 'EIO');
    else listed(effect, weather === 'empty' ? [] : source.entries());
  };

  const listed = (effect: ListEffect, entries: readonly SourceEntry[]): void => {
    if (source.weather() === 'empty' && diff.size() >= limits.fullSourceEntries) {
      fail(effect, 'suddenly_empty', 'EMPTY');
      return;
    }
    tellState('ok', null);
    const { news, missedTwice } = diff.all(entries);
    tellEntries(news);
    const vanished = missedTwice.filter((path) => source.inode(path) === null);
    diff.forget(vanished);
    const { listingId } = effect;
    offer({ kind: 'listing_completed', route, listingId, vanished, entryCount: entries.length, youngEmptyCount: 0 });
  };

  const look = (effect: LookEffect): void => {
    const isThere = source.weather() === 'good';
    const all = isThere ? new Map(source.entries().map((entry) => [entry.path, entry])) : new Map<string, SourceEntry>();
    const entries = effect.paths.flatMap((path) => all.get(path) ?? []);
    const absent = isThere ? effect.paths.filter((path) => source.inode(path) === null && diff.isLackedTwice(path)) : [];
    tellEntries(diff.some(entries));
    offer({ kind: 'looked', route, lookId: effect.lookId, present: entries.map(({ path }) => path), absent });
  };

  /** A silent source leaves its process in the call; after a while that is told. */
  const answer = (work: () => void): void => {
    const mine = generation;
    if (source.weather() !== 'silent') {
      work();
      return;
    }
    let isOver = false;
    clock.after(silentAfterMs, () => {
      if (!isOver && mine === generation) tellState('silent', 'SILENT');
    });
    source.whenAnswering(() => {
      isOver = true;
      if (mine === generation) work();
    });
  };

  return {
    perform(effect) {
      const mine = generation;
      if (isDown) return;
      clock.after(answerMs, () => {
        if (mine === generation) answer(() => (effect.kind === 'list_source' ? list(effect) : look(effect)));
      });
    },
    notice(path) {
      if (!isDown && source.weather() === 'good') offer({ kind: 'paths_noticed', route, paths: [path] });
    },
    crash() {
      generation += 1;
      isDown = true;
      clock.after(restartMs, () => {
        isDown = false;
        diff = createSourceDiff();
        toldState = null;
        offer({ kind: 'intake_restarted', route });
      });
    },
  };
}
