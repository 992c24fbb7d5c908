import type { Effect, Event } from '@sluice/core';
import type { CallFault, CopyId, CopyOrder, CopyReport, RouteName } from '@sluice/core/model';
import type { SimClock } from '../../sim-clock.ts';
import type { Life } from '../call.ts';
import { createFakeCopy, type FakeCopy, hashOf } from '../copy/copy.ts';
import { publishFake } from '../copy/publish.ts';
import { FolderSyncs } from '../copy/syncs.ts';
import type { FakeDestination } from '../destination.ts';
import type { ReadableSource } from '../source-calls.ts';
import { type ChoreDependencies, hashSource, markLeftover, removeLeftover, removeParts, removeWithdrawn } from './chores.ts';

/** The effects that a carrier carries out. */
export type CarrierEffect = Extract<
  Effect,
  {
    kind:
      | 'preflight'
      | 'copy'
      | 'read_back'
      | 'read_back_fresh'
      | 'follow_again'
      | 'publish'
      | 'withdraw'
      | 'give_up'
      | 'forget'
      | 'hash_source'
      | 'end_carrier'
      | 'remove_parts'
      | 'mark_leftover'
      | 'remove_leftover';
  }
>;

/** Simulates a carrier process without bytes: it takes the same orders and sends the same reports. */
export interface FakeCarrier {
  perform(effect: CarrierEffect): void;
  /** Kills the process: it reports nothing more, but calls that it had made during a silence may still be carried out. */
  end(): void;
  /** Ends the process, and the agent notices it. */
  crash(): void;
  /** Returns the copies that it runs. */
  inHand(): CopyId[];
}

/** The options of a simulated carrier. */
export interface FakeCarrierSetting {
  readonly clock: SimClock;
  readonly route: RouteName;
  readonly source: ReadableSource;
  readonly destination: FakeDestination;
  readonly offer: (event: Event) => void;
  readonly bytesPerMs: number;
  readonly stallAfterMs: number;
  readonly quietForMs: number;
  /** Copies that were ended still send late reports, which core has to recognize by their id. */
  readonly reportsLate: boolean;
}

type CopyName = Pick<CopyOrder, 'fileId' | 'copyId'>;

const noticeMs = 5;

/** Returns a simulated carrier. One process runs at a time, and its copies end with it. */
export function createFakeCarrier(setting: FakeCarrierSetting): FakeCarrier {
  return new SimulatedCarrier(setting);
}

class SimulatedCarrier implements FakeCarrier {
  readonly #setting: FakeCarrierSetting;
  readonly #dependencies: ChoreDependencies;
  #syncs: FolderSyncs;
  #copies = new Map<CopyId, FakeCopy>();
  #inHand = new Set<CopyId>();
  /** Copies that a new process continues under the same id: reports of the old process must be ignored. */
  #publishing = new Set<CopyId>();
  /** Everything that runs in this process except `copies`: other work, publications and fresh readers. */
  #lives: Life[] = [];

  constructor(setting: FakeCarrierSetting) {
    this.#setting = setting;
    this.#dependencies = { ...setting, report: (life, copy, report) => this.#report(life, copy, report) };
    this.#syncs = new FolderSyncs(setting);
  }

  perform(effect: CarrierEffect): void {
    switch (effect.kind) {
      case 'preflight':
      case 'copy':
      case 'read_back_fresh':
      case 'publish':
        this.#performOrder(effect);
        return;
      case 'read_back':
        this.#copies.get(effect.copyId)?.readBack();
        return;
      case 'follow_again':
        this.#copies.get(effect.copyId)?.followAgain();
        return;
      case 'withdraw':
        this.#withdraw(effect.copyId);
        return;
      case 'give_up':
      case 'forget':
        this.#drop(effect.copyId);
        return;
      case 'hash_source':
        this.#inHand.add(effect.copyId);
        hashSource(this.#dependencies, effect, this.#newLife());
        return;
      case 'end_carrier':
        this.end();
        return;
      case 'remove_parts':
        removeParts(this.#dependencies, effect, this.#newLife());
        return;
      case 'mark_leftover':
        markLeftover(this.#dependencies, effect, this.#newLife());
        return;
      case 'remove_leftover':
        removeLeftover(this.#dependencies, effect, this.#newLife());
    }
  }

  end(): void {
    for (const copy of this.#copies.values()) this.#endCopy(copy);
    for (const life of this.#lives) life.isAlive = false;
    this.#lives = [];
    this.#copies = new Map();
    this.#inHand = new Set();
    this.#publishing = new Set();
    this.#syncs = new FolderSyncs(this.#setting);
  }

  crash(): void {
    const { clock, route, offer } = this.#setting;
    const copyIds = this.inHand();
    this.end();
    clock.after(noticeMs, () => offer({ kind: 'carrier_lost', route, copyIds, code: 'ended' }));
  }

  inHand(): CopyId[] {
    return [...this.#inHand];
  }

  #performOrder(effect: Extract<CarrierEffect, { order: unknown }>): void {
    this.#inHand.add(effect.order.copyId);
    switch (effect.kind) {
      case 'preflight':
        this.#copyOf(effect.order).preflight();
        return;
      case 'copy':
        if (effect.order.compare) this.#copyOf(effect.order).compare();
        else if (effect.order.linkFrom !== undefined) this.#copyOf(effect.order).link(effect.order.linkFrom);
        else this.#copyOf(effect.order).start();
        return;
      case 'read_back_fresh': {
        const reader = createFakeCopy(this.#dependencies, effect.order);
        this.#lives.push(reader.life);
        reader.readBackFresh(effect.hash);
        return;
      }
      case 'publish':
        this.#publishing.add(effect.order.copyId);
        publishFake({ ...this.#dependencies, syncs: this.#syncs }, effect.order, this.#newLife());
    }
  }

  #copyOf(order: CopyOrder): FakeCopy {
    const copy = this.#copies.get(order.copyId) ?? createFakeCopy(this.#dependencies, order);
    copy.order = order;
    this.#copies.set(order.copyId, copy);
    return copy;
  }

  #withdraw(copyId: CopyId): void {
    const copy = this.#copies.get(copyId);
    if (copy === undefined) return;
    copy.life.isAlive = false;
    const life = this.#newLife();
    const { order } = copy;
    copy.whenSettled(() => removeWithdrawn(this.#dependencies, order, life));
  }

  #drop(copyId: CopyId): void {
    const copy = this.#copies.get(copyId);
    if (copy !== undefined) this.#endCopy(copy);
    this.#publishing.delete(copyId);
    this.#copies.delete(copyId);
    this.#inHand.delete(copyId);
  }

  #endCopy({ life, order }: FakeCopy): void {
    life.isAlive = false;
    life.isUnheard = this.#publishing.has(order.copyId);
    if (!this.#setting.reportsLate || life.isUnheard) return;
    sendLateReports(this.#setting.clock, (report) => this.#offer(order, report));
  }

  #newLife(): Life {
    const life = { isAlive: true, isUnheard: true };
    this.#lives = [...this.#lives.filter((other) => other.isAlive), life];
    return life;
  }

  #report(life: Life, copy: CopyName, report: CopyReport): void {
    if (life.isAlive || (this.#setting.reportsLate && !life.isUnheard)) this.#offer(copy, report);
  }

  #offer({ fileId, copyId }: CopyName, report: CopyReport): void {
    const { route, offer } = this.#setting;
    offer({ kind: 'copy_reported', route, fileId, copyId, report });
  }
}

const firstMs = 20;
const everyMs = 700;

/** Sends reports of several kinds over some seconds, like those that a killed process had sent before. */
export function sendLateReports(clock: SimClock, report: (report: CopyReport) => void): void {
  lateReports().forEach((late, index) => clock.after(firstMs + everyMs * index, () => report(late)));
}

function lateReports(): CopyReport[] {
  const hash = hashOf({ sizeBytes: 1, stamp: 'late' });
  const fault: CallFault = { side: 'destination', code: 'EIO', operation: 'write', message: 'late' };
  return [
    { kind: 'progress', syncedBytes: 1, sizeBytes: 1, phase: null, phaseDone: null },
    { kind: 'name_taken' },
    { kind: 'copied', hash, fingerprint: { sizeBytes: 1, mtimeNs: '1' } },
    { kind: 'verified', readback: 'direct', sourceGone: true },
    { kind: 'published', notes: [] },
    { kind: 'already_there', hash, readback: 'direct', fingerprint: { sizeBytes: 1, mtimeNs: '1' } },
    { kind: 'linked', hash, readback: 'direct', fingerprint: { sizeBytes: 1, mtimeNs: '1' } },
    { kind: 'not_linked', why: 'differs' },
    { kind: 'withdrawn', left: false },
    { kind: 'failed', fault, syncedBytes: 1, sizeBytes: 1 },
  ];
}
