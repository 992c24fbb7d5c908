import type { Effect, Event } from '@sluice/core';
import { type RemovalOrder, type RemovalReport, type RouteName, sameFingerprint } from '@sluice/core/model';
import type { SimClock } from '../sim-clock.ts';
import type { AsideFile, RemovableSource } from './source.ts';

type RemoveEffect = Extract<Effect, { kind: 'remove_source' }>;

/** A simulated remover process, in simulated time. */
export interface FakeRemover {
  perform(effect: RemoveEffect): void;
  /** Ends the process. Calls that were made continue. */
  crash(): void;
  end(): void;
}

/** The parts of the simulation that a remover uses. */
export interface FakeRemoverSetting {
  readonly clock: SimClock;
  readonly route: RouteName;
  readonly source: RemovableSource;
  readonly offer: (event: Event) => void;
}

const callMs = 3;

/** Returns a simulated remover without orders. */
export function createFakeRemover(setting: FakeRemoverSetting): FakeRemover {
  return new SimulatedRemover(setting);
}

class SimulatedRemover implements FakeRemover {
  readonly #setting: FakeRemoverSetting;
  /** Number of crashes. A process of an earlier generation reports nothing. */
  #generation = 0;
  #isUnanswered = false;
  #hasEnded = false;

  constructor(setting: FakeRemoverSetting) {
    this.#setting = setting;
  }

  perform({ order }: RemoveEffect): void {
    const generation = this.#generation;
    const { clock, route, offer, source } = this.#setting;
    const { fileId, removalId } = order;
    this.#isUnanswered = true;
    clock.after(callMs, () => {
      const work = (): void => {
        // A call that was made continues, but its process makes no further one.
        if (generation !== this.#generation) return;
        const report = carryOut(source, order);
        clock.after(callMs, () => {
          if (generation === this.#generation) offer({ kind: 'removal_reported', route, fileId, removalId, report });
        });
      };
      if (source.weather() === 'silent') source.whenAnswering(work);
      else work();
    });
  }

  crash(): void {
    this.#generation += 1;
    const { clock, route, offer } = this.#setting;
    if (!this.#isUnanswered) return;
    this.#isUnanswered = false;
    clock.after(callMs, () => {
      if (!this.#hasEnded) offer({ kind: 'remover_lost', route, code: 'ended' });
    });
  }

  end(): void {
    this.#hasEnded = true;
    this.#generation += 1;
  }
}

function carryOut(source: RemovableSource, order: RemovalOrder): RemovalReport {
  const trouble = source.trouble(order.source) ?? (source.weather() === 'good' ? null : 'EIO');
  if (trouble === 'EBUSY' && (order.step === 'check' || order.step === 'hide')) return { kind: 'put_off', why: 'open_for_writing' };
  if (trouble !== null && trouble !== 'EBUSY') return { kind: 'failed', code: trouble, operation: `${order.step} ${order.source}` };
  switch (order.step) {
    case 'check':
      return whyNot(source, order) ?? { kind: 'removable' };
    case 'hide': {
      if (source.aside(order.hiddenAs) !== null) return { kind: 'not_removed', why: 'changed' };
      const reason = whyNot(source, order);
      if (reason !== null) return reason;
      source.putAside(order.source, order.hiddenAs);
      return { kind: 'hidden', changeNs: source.aside(order.hiddenAs)?.stamp ?? '' };
    }
    case 'remove': {
      const file = source.aside(order.hiddenAs);
      if (file === null) return { kind: 'removed', archivedAs: null, folders: [] };
      const isSame = isOrdered(file, order) && (order.changeNs === null || order.changeNs === file.stamp);
      if (!isSame) return { kind: 'not_removed', why: 'changed' };
      if (trouble === 'EBUSY') return { kind: 'not_removed', why: 'open_for_writing' };
      source.discard(order.hiddenAs);
      return { kind: 'removed', archivedAs: null, folders: [] };
    }
    case 'restore':
      if (source.aside(order.hiddenAs) === null) return { kind: 'restored', wasHidden: false };
      return source.bringBack(order.hiddenAs, order.source) ? { kind: 'restored', wasHidden: true } : { kind: 'name_taken' };
  }
}

function whyNot(source: RemovableSource, order: RemovalOrder): RemovalReport | null {
  const file = source.present(order.source);
  if (file === null) return { kind: 'put_off', why: 'missing' };
  return isOrdered(file, order) ? null : { kind: 'put_off', why: 'changed' };
}

function isOrdered({ fingerprint, inode }: AsideFile, { expected, identity }: RemovalOrder): boolean {
  return sameFingerprint(fingerprint, expected) && (identity === null || identity.inode === inode);
}
