import type { JournalRecord } from '@sluice/core';
import type { CopyId, RouteName, TrackedFile } from '@sluice/core/model';
import { type FakeDestination, type FakeRoute, hashOf } from '@sluice/testkit';
import { limits } from './limits.ts';
import type { Simulation } from './simulate.ts';

/** Follows which disk is at the path of each destination, and which copies are on it. */
export interface Disks {
  note(record: JournalRecord): void;
  /** The broken promises about disks, as they happened. */
  broken(): readonly string[];
  /**
   * Checks which disk is mounted now. It has to be called at least once while another disk is there. @returns the claims that are
   * false now
   */
  look(): string[];
  /** Removes all files of the destination, as another program would. */
  empty(destination: FakeDestination): void;
  /** Removes one copy, as another program would. */
  takeAway(destination: FakeDestination, name: string): void;
  /** Replaces the mounted disk by an earlier one, or by an empty one. */
  exchange(destination: FakeDestination, how: Exchange): void;
  /** Returns whether a copy is on one of the disks of its destination, or was until another program removed it. */
  isKept(destination: FakeDestination, file: TrackedFile): boolean;
  /** Returns whether the last report of a copy may be about another disk, or from before files were removed. */
  isOutdated(file: TrackedFile): boolean;
  /** Returns whether the mounted disk was out of use while another one was the destination. */
  wasReplaced(destination: FakeDestination): boolean;
}

/** An earlier disk by its number, or an empty one. `isSameMount`: it gets the mount id of the disk before. */
export type Exchange = { readonly to: number } | { readonly marker: string | null; readonly isSameMount: boolean };

/** Copies that another program removed. */
interface Loss {
  readonly at: number;
  readonly values: ReadonlyMap<string, string>;
}

/** What is known of one destination. Moments are simulated time. */
interface Known {
  readonly route: RouteName;
  readonly destination: FakeDestination;
  /** Markers that were accepted for the destination, in order. */
  readonly accepted: string[];
  /** The accepted marker. Null: the next one that is found is accepted. */
  marker: string | null;
  readonly losses: Loss[];
  /** When the disk was last exchanged, or files were removed. */
  changedAt: number;
  /** Since when another disk than the accepted one is mounted and answers. By the waking clock. */
  strangeSince: number | null;
}

export function followDisks(simulation: Simulation): Disks {
  return new FollowedDisks(simulation);
}

class FollowedDisks implements Disks {
  readonly #simulation: Simulation;
  readonly #known: readonly Known[];
  readonly #broken: string[] = [];
  /** When each copy was last reported. */
  readonly #reportedAt = new Map<CopyId, number>();
  /** The same, without what a carrier reported after it was lost. */
  readonly #seenAt = new Map<CopyId, number>();
  readonly #copyOf = new Map<string, CopyId>();
  /** When the last request to publish each file was committed. Before that, its copy did not have its name. */
  readonly #publishedAt = new Map<string, number>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#known = simulation.fakeRoutes.map((fakeRoute) => known(fakeRoute));
    for (const one of this.#known) this.#watchDisk(one);
    const lost = new Set<CopyId>();
    simulation.onOffer((event) => {
      if (event.kind === 'carrier_lost') for (const id of event.copyIds) lost.add(id);
      if (event.kind !== 'copy_reported') return;
      this.#reportedAt.set(event.copyId, simulation.clock.monotonic());
      // What a lost carrier reports late says nothing about the disk.
      if (!lost.has(event.copyId)) this.#seenAt.set(event.copyId, simulation.clock.monotonic());
    });
  }

  note(record: JournalRecord): void {
    if (record.kind === 'route_fact') this.#noteMarker(record.route, record.event);
    if (record.kind !== 'transition' && record.kind !== 'file_fact') return;
    const { file } = record;
    if ('copyId' in file && file.copyId !== null) this.#copyOf.set(file.id, file.copyId);
    if (record.event.kind === 'publish') this.#publishedAt.set(file.id, this.#simulation.clock.monotonic());
  }

  broken(): readonly string[] {
    return this.#broken;
  }

  look(): string[] {
    return [...this.#known.flatMap((one) => this.#takenForOurs(one)), ...this.#twins()];
  }

  empty(destination: FakeDestination): void {
    this.#lose(destination, destination.names());
    destination.empty();
  }

  takeAway(destination: FakeDestination, name: string): void {
    this.#lose(destination, [name]);
    destination.takeAway(name);
  }

  exchange(destination: FakeDestination, how: Exchange): void {
    const one = this.#of(destination);
    const before = destination.disk();
    if ('to' in how) destination.bringBack(destination.disks()[how.to] ?? before);
    else destination.exchange(how.marker, how.isSameMount ? before.mountId : destination.disks().length + 1);
    one.changedAt = this.#simulation.clock.monotonic();
    this.#watchDisk(one);
  }

  isKept(destination: FakeDestination, file: TrackedFile): boolean {
    if (file.status !== 'COMPLETED' || file.hash === null) return false;
    const { value } = file.hash;
    if (destination.disks().some((disk) => hashOf(disk.content(file.destination)).value === value)) return true;
    // It may have been removed just after it was last checked, or while the last calls of its publication hung.
    const since = Math.min(this.#saidAt(file) - limits.afterTroubleMs, this.#publishedAt.get(file.id) ?? Number.POSITIVE_INFINITY);
    return this.#of(destination).losses.some(({ at, values }) => at >= since && values.get(file.destination) === value);
  }

  isOutdated(file: TrackedFile): boolean {
    const one = this.#known.find(({ route }) => route === file.route);
    return one !== undefined && one.changedAt >= this.#lastOf(file, this.#seenAt);
  }

  wasReplaced(destination: FakeDestination): boolean {
    const { accepted } = this.#of(destination);
    return accepted.indexOf(destination.marker() ?? '') < accepted.length - 1;
  }

  #of(destination: FakeDestination): Known {
    return this.#known.find((one) => one.destination === destination) as Known;
  }

  /** Returns when the last report of its copy was made. The record is based on that report. */
  #saidAt(file: TrackedFile): number {
    return this.#lastOf(file, this.#reportedAt);
  }

  #lastOf({ id }: TrackedFile, reports: ReadonlyMap<CopyId, number>): number {
    const copyId = this.#copyOf.get(id);
    const at = copyId === undefined ? undefined : reports.get(copyId);
    return at ?? Number.POSITIVE_INFINITY;
  }

  #noteMarker(route: RouteName, event: Extract<JournalRecord, { kind: 'route_fact' }>['event']): void {
    const one = this.#known.find((each) => each.route === route);
    if (one === undefined) return;
    if (event.kind === 'destination_forgotten') one.marker = null;
    if (event.kind !== 'destination_known') return;
    one.marker = event.marker;
    one.accepted.push(event.marker);
  }

  #lose(destination: FakeDestination, names: readonly string[]): void {
    const one = this.#of(destination);
    const at = this.#simulation.clock.monotonic();
    const values = new Map(names.map((name) => [name, hashOf(destination.content(name)).value]));
    one.losses.push({ at, values });
    one.changedAt = at;
  }

  /** 2: nothing is created on a disk that was not accepted as the destination. A late call may still arrive on one that was. */
  #watchDisk(one: Known): void {
    const disk = one.destination.disk();
    disk.onMade((name) => {
      const isMeant = name === 'the marker' ? one.marker === null : disk.marker !== null && one.accepted.includes(disk.marker);
      if (!isMeant) this.#broken.push(`2: ${name} was made on another disk (${disk.marker ?? 'without a marker'})`);
    });
  }

  /** 15: returns disks with the same marker, which could not be distinguished. */
  #twins(): string[] {
    const seen = new Set<string>();
    return this.#known.flatMap(({ destination }) =>
      destination.disks().flatMap(({ marker }) => {
        if (marker === null || !seen.has(marker)) {
          seen.add(marker ?? '');
          return [];
        }
        return [`15: two disks have the marker ${marker}`];
      }),
    );
  }

  /** 15: returns destinations for which another disk was accepted for longer than sending and answering a probe takes. */
  #takenForOurs(one: Known): string[] {
    const { destination, route, marker } = one;
    const { loop, awakeMs, resumedAt } = this.#simulation;
    const gate = loop().state.routes.get(route)?.gate;
    const isStrange = marker !== null && destination.marker() !== marker;
    const isJudged = !destination.isTroubled() && !loop().isStalled() && loop().state.stopping === null;
    if (!isStrange || !isJudged || gate === undefined) {
      one.strangeSince = null;
      return [];
    }
    one.strangeSince ??= awakeMs();
    const forMs = awakeMs() - Math.max(one.strangeSince, resumedAt(), this.#simulation.startedAt());
    if (forMs <= limits.strangeDiskMs) return [];
    if (gate.state === 'closed' && gate.cause === 'not_the_destination') return [];
    return [`15: another disk is there for ${forMs} ms, and the gate is ${gate.state} (${gate.cause})`];
  }
}

function known({ route, destination }: FakeRoute): Known {
  return {
    route,
    destination,
    accepted: [],
    marker: null,
    losses: [],
    changedAt: Number.NEGATIVE_INFINITY,
    strangeSince: null,
  };
}
