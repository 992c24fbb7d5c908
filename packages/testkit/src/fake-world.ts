import type { Effect, Event, Fingerprint, ListingId, LookId, ProbeResult, RouteName } from '@sluice/core';
import { createFakeCarrier, type FakeCarrier } from './fake-carrier.ts';
import type { FakeDestination } from './fake-destination.ts';
import type { FakeSource } from './fake-source.ts';
import type { SimClock } from './sim-clock.ts';

interface Setting {
  readonly clock: SimClock;
  readonly source: FakeSource;
  readonly destination: FakeDestination;
  readonly offer: (event: Event) => void;
  readonly bytesPerMs: number;
}

/** Answers every effect of one route as the children would, in simulated time. */
export interface FakeWorld {
  perform(effect: Effect): void;
  readonly carrier: FakeCarrier;
  /** Effects asked for, by kind. */
  readonly asked: Map<Effect['kind'], number>;
  readonly attention: string[];
  hasStopped(): boolean;
}

export function createFakeWorld(setting: Setting): FakeWorld {
  const { clock, destination } = setting;
  const carrier = createFakeCarrier({ ...setting, stallAfterMs: 2_000, quietForMs: 3_000 });
  const intake = createFakeIntake(setting);
  const asked = new Map<Effect['kind'], number>();
  const attention: string[] = [];
  let hasStopped = false;
  const soon = (work: () => void): void => void clock.after(2, work);

  const perform = (effect: Effect): void => {
    asked.set(effect.kind, (asked.get(effect.kind) ?? 0) + 1);
    switch (effect.kind) {
      case 'list_source':
        return soon(() => intake.list(effect.route, effect.listingId));
      case 'look':
        return soon(() => intake.look(effect.route, effect.lookId, effect.paths));
      case 'probe':
        return soon(() =>
          probe(destination, (result) => setting.offer({ kind: 'probe_answered', route: effect.route, probeId: effect.probeId, result })),
        );
      case 'write_marker':
        return soon(() => setting.offer({ kind: 'marker_written', route: effect.route, marker: effect.marker }));
      case 'preflight':
        return soon(() => carrier.preflight(effect.order));
      case 'copy':
        return soon(() => carrier.copy(effect.order));
      case 'read_back':
        return soon(() => carrier.readBack(effect.copyId, null));
      case 'read_back_fresh':
        return soon(() => carrier.readBack(effect.order.copyId, effect.order));
      case 'publish':
        return soon(() => carrier.publish(effect.order));
      case 'withdraw':
        return soon(() => carrier.withdraw(effect.copyId));
      case 'give_up':
        return carrier.forget(effect.copyId);
      case 'forget':
        return carrier.forget(effect.copyId);
      case 'hash_source':
        return soon(() => intake.hash(effect));
      case 'follow_again':
        return soon(() => carrier.followAgain(effect.copyId));
      case 'end_carrier':
        return carrier.end();
      case 'remove_parts':
        for (const part of effect.parts) destination.unlink(part);
        return soon(() =>
          setting.offer({ kind: 'parts_removed', route: effect.route, sweepId: effect.sweepId, removed: effect.parts, kept: [] }),
        );
      case 'mark_leftover':
        return soon(() => {
          const { from, to } = effect.mark;
          const isDone = destination.link(from, to);
          if (isDone) destination.unlink(from);
          const outcome = isDone ? 'done' : destination.has(from) ? 'refused' : 'gone';
          setting.offer({ kind: 'leftover_marked', route: effect.route, fileId: effect.fileId, mark: effect.mark, outcome });
        });
      case 'attention':
        attention.push(effect.summary);
        return;
      case 'stopped':
        hasStopped = true;
    }
  };
  return { perform, carrier, asked, attention, hasStopped: () => hasStopped };
}

function probe(destination: FakeDestination, answer: (result: ProbeResult) => void): void {
  const weather = destination.weather();
  if (weather === 'silent') {
    destination.whenAnswering(() => probe(destination, answer));
    return;
  }
  if (weather === 'good' || weather === 'full') {
    const isFull = weather === 'full';
    const space = { totalBytes: 1e12, freeBytes: isFull ? 0 : 5e11 };
    answer({ kind: 'good', place: { path: '/destination', mountId: 1 }, space, isFull, description: '(simulated)', marker: 'm' });
    return;
  }
  const cause = weather === 'down' ? 'unreachable' : weather === 'read_only' ? 'read_only' : 'not_the_destination';
  const told = { operator: `simulated ${weather}`, technical: weather, description: null };
  answer({ kind: 'bad', cause, code: weather === 'read_only' ? 'EROFS' : 'EIO', ...told });
}

interface FakeIntake {
  list(route: RouteName, listingId: ListingId): void;
  look(route: RouteName, lookId: LookId, paths: readonly string[]): void;
  hash(effect: Extract<Effect, { kind: 'hash_source' }>): void;
}

function createFakeIntake({ source, offer }: Setting): FakeIntake {
  const told = new Map<string, Fingerprint>();
  const missed = new Map<string, number>();
  let hasSpoken = false;

  const tell = (route: RouteName, isWanted: (path: string) => boolean): void => {
    if (!hasSpoken) {
      hasSpoken = true;
      offer({ kind: 'source_state', route, state: 'ok', code: null, freeBytes: 1e12, cacheMs: 0, description: '(simulated)' });
    }
    const entries = source.entries().filter(({ path, fingerprint }) => {
      const before = told.get(path);
      const isNews = before?.sizeBytes !== fingerprint.sizeBytes || before.mtimeNs !== fingerprint.mtimeNs;
      if (isWanted(path) && isNews) told.set(path, fingerprint);
      return isWanted(path) && isNews;
    });
    if (entries.length > 0) offer({ kind: 'entries_seen', route, entries });
  };

  return {
    list(route, listingId) {
      tell(route, () => true);
      const there = new Set(source.paths());
      const vanished: string[] = [];
      for (const path of told.keys()) {
        if (there.has(path)) missed.delete(path);
        else missed.set(path, (missed.get(path) ?? 0) + 1);
        if ((missed.get(path) ?? 0) >= 2) vanished.push(path);
      }
      for (const path of vanished) {
        told.delete(path);
        missed.delete(path);
      }
      offer({ kind: 'listing_completed', route, listingId, vanished, entryCount: there.size, youngEmptyCount: 0 });
    },
    look(route, lookId, paths) {
      const wanted = new Set(paths);
      tell(route, (path) => wanted.has(path));
      const present = paths.filter((path) => source.content(path) !== null);
      offer({ kind: 'looked', route, lookId, present, absent: paths.filter((path) => source.content(path) === null) });
    },
    hash(effect) {
      const content = source.content(effect.source);
      if (content === null) return;
      const hash = { algorithm: 'xxh64' as const, value: `${content.stamp}/${content.sizeBytes}` };
      const report = { kind: 'source_hashed' as const, hash };
      offer({ kind: 'copy_reported', route: effect.route, fileId: effect.fileId, copyId: effect.copyId, report });
    },
  };
}
