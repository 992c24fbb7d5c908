import { createSourceDiff, type Effect, type Event } from '@sluice/core';
import { limits, type RouteName, type SourceEntry, type SourceStateName } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import type { ReadableSource } from './source-calls.ts';

type ListEffect = Extract<Effect, { kind: 'list_source' }>;
type CheckEffect = Extract<Effect, { kind: 'check_paths' }>;

/** Simulates an intake process: it reads the source, and reports changes. */
export interface FakeIntake {
  perform(effect: ListEffect | CheckEffect): void;
  /** Reports a name that a watch would report. */
  notice(path: string): void;
  /** Ends the process. A new one knows nothing. */
  crash(): void;
}

/** The options of a simulated intake. */
export interface FakeIntakeSetting {
  readonly clock: SimClock;
  readonly route: RouteName;
  readonly source: ReadableSource;
  readonly offer: (event: Event) => void;
  readonly silentAfterMs: number;
}

const restartMs = 200;
const answerMs = 2;

/** Returns a simulated intake that knows nothing yet. */
export function createFakeIntake(setting: FakeIntakeSetting): FakeIntake {
  return new SimulatedIntake(setting);
}

class SimulatedIntake implements FakeIntake {
  readonly #setting: FakeIntakeSetting;
  #diff = createSourceDiff();
  #reported: SourceStateName | null = null;
  /** The names in the last listing. Null: that listing was not complete. */
  #names: ReadonlySet<string> | null = null;
  #fullListings = 0;
  /** Number of crashes. Results of an earlier process are dropped. */
  #generation = 0;
  #isDown = false;

  constructor(setting: FakeIntakeSetting) {
    this.#setting = setting;
  }

  perform(effect: ListEffect | CheckEffect): void {
    if (this.#isDown) return;
    const generation = this.#generation;
    this.#setting.clock.after(answerMs, () => {
      if (generation !== this.#generation) return;
      this.#whenAnswering(() => (effect.kind === 'list_source' ? this.#list(effect) : this.#check(effect)));
    });
  }

  notice(path: string): void {
    const { route, source, offer } = this.#setting;
    if (!this.#isDown && source.weather() === 'good') offer({ kind: 'paths_noticed', route, paths: [path] });
  }

  crash(): void {
    this.#generation += 1;
    this.#isDown = true;
    this.#setting.clock.after(restartMs, () => this.#restart());
  }

  #restart(): void {
    const { route, offer } = this.#setting;
    this.#isDown = false;
    this.#diff = createSourceDiff();
    this.#reported = null;
    this.#names = null;
    offer({ kind: 'intake_restarted', route });
  }

  /** Runs `work` when the source answers. A silent source keeps its process in the call, which is reported after a while. */
  #whenAnswering(work: () => void): void {
    const { clock, source, silentAfterMs } = this.#setting;
    if (source.weather() !== 'silent') {
      work();
      return;
    }
    const generation = this.#generation;
    let isOver = false;
    clock.after(silentAfterMs, () => {
      if (!isOver && generation === this.#generation) this.#reportState('silent', 'SILENT');
    });
    source.whenAnswering(() => {
      isOver = true;
      if (generation === this.#generation) work();
    });
  }

  #list(effect: ListEffect): void {
    const { source } = this.#setting;
    this.#diff.forget(effect.takenAway ?? []);
    this.#diff.reportAgain(effect.again ?? []);
    const weather = source.weather();
    if (weather === 'missing') this.#fail(effect, 'missing', 'ENOENT');
    else if (weather === 'unreadable') this.#fail(effect, 'unreadable', 'EIO');
    else
      this.#listed(
        { ...effect, emptyIsMeant: effect.emptyIsMeant && this.#reported !== 'silent' },
        weather === 'empty' ? [] : source.entries(),
      );
  }

  #listed(effect: ListEffect, entries: readonly SourceEntry[]): void {
    const { route, source, offer } = this.#setting;
    // If the disk is not mounted, the folder has another device number.
    const isStrange = source.weather() === 'empty' && this.#diff.size() > 0;
    const isEmpty = source.weather() === 'empty' || source.paths().length === 0;
    const isEmptied = isEmpty && ((effect.unseen ?? 0) > 0 || this.#diff.size() >= limits.fullSourceEntries);
    if (isStrange || (isEmptied && !effect.emptyIsMeant)) {
      this.#fail(effect, 'suddenly_empty', isStrange ? 'OTHER_ROOT' : 'EMPTY');
      return;
    }
    this.#reportState('ok', null);
    const known = effect.isQuick && entries.length > 0 ? this.#names : null;
    const names = new Set(entries.map(({ path }) => path));
    const { news, missedTwice: missed } =
      known === null
        ? this.#diff.all(entries)
        : this.#diff.part(
            entries.filter(({ path }) => !known.has(path)),
            [...known].filter((path) => !names.has(path)),
          );
    this.#names = names;
    if (known === null) this.#fullListings += 1;
    this.#reportEntries(news);
    const missedTwice = effect.emptyIsMeant ? this.#diff.all(entries).missedTwice : missed;
    const vanished = missedTwice.filter((path) => source.inode(path) === null);
    this.#diff.forget(vanished);
    const { listingId } = effect;
    offer({
      kind: 'listing_completed',
      route,
      listingId,
      vanished,
      isQuick: known !== null,
      // Most listings are quick and some are slow, so that both kinds are tested.
      processorMs: known === null && this.#fullListings % 3 !== 0 ? 400 : 0,
      entryCount: entries.length,
      youngEmptyCount: 0,
      selection: { leftAlone: [], unmatched: [] },
      ...(known === null && source.weather() === 'good' && source.asides().length > 0 ? { aside: source.asides() } : {}),
    });
  }

  #fail(effect: ListEffect, state: SourceStateName, code: string): void {
    const { route, offer } = this.#setting;
    this.#names = null;
    this.#reportState(state, code);
    offer({ kind: 'listing_failed', route, listingId: effect.listingId, code });
  }

  #check(effect: CheckEffect): void {
    const { route, source, offer } = this.#setting;
    // An empty root can be read like a full one, but it is another one than that which was listed, so it proves nothing.
    const isReadable = source.weather() === 'good' || (source.weather() === 'empty' && this.#diff.size() === 0);
    const all = new Map((source.weather() === 'good' ? source.entries() : []).map((entry) => [entry.path, entry]));
    const entries = effect.paths.flatMap((path) => all.get(path) ?? []);
    const absent = isReadable ? effect.paths.filter((path) => source.inode(path) === null && this.#diff.isLackedTwice(path)) : [];
    this.#reportEntries(this.#diff.some(entries));
    offer({ kind: 'paths_checked', route, checkId: effect.checkId, present: entries.map(({ path }) => path), absent });
  }

  #reportState(state: SourceStateName, code: string | null): void {
    if (this.#reported === state) return;
    this.#reported = state;
    const { route, offer } = this.#setting;
    offer({ kind: 'source_state', route, state, code, unreadPath: null, freeBytes: 1e12, cacheMs: 0, description: '(simulated)' });
  }

  #reportEntries(entries: readonly SourceEntry[]): void {
    const { route, offer } = this.#setting;
    if (entries.length > 0) offer({ kind: 'entries_seen', route, entries });
  }
}
