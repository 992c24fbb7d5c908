import type { CallFault, CopyId, CopyOrder, CopyReport, Effect, Event, RouteName } from '@sluice/core';
import type { SimClock } from '../sim-clock.ts';
import { callDestination, type Life } from './call.ts';
import { type CopyMeans, createFakeCopy, type FakeCopy, hashOf } from './copy.ts';
import type { FakeDestination } from './destination.ts';
import { publishFake } from './publish.ts';
import type { ReadableSource } from './source.ts';

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
      | 'mark_leftover';
  }
>;

/** What a carrier process does, without bytes: the same orders, the same reports. */
export interface FakeCarrier {
  perform(effect: CarrierEffect): void;
  /** The process is killed: nothing of it is heard again; what it had sent into silence may still happen. */
  end(): void;
  /** It dies by itself; the agent sees it. */
  crash(): void;
  /** Copies in hand. */
  inHand(): CopyId[];
}

export interface FakeCarrierSetting {
  readonly clock: SimClock;
  readonly route: RouteName;
  readonly source: ReadableSource;
  readonly destination: FakeDestination;
  readonly offer: (event: Event) => void;
  readonly bytesPerMs: number;
  readonly stallAfterMs: number;
  readonly quietForMs: number;
  /** Words of copies that were ended are heard, late: core has to know them by their id. */
  readonly tellsLate: boolean;
}

/** One process at a time; the copies of a dead one are dead. */
export function createFakeCarrier(setting: FakeCarrierSetting): FakeCarrier {
  const { clock, route, source, destination, offer } = setting;
  let copies = new Map<CopyId, FakeCopy>();
  let inHand = new Set<CopyId>();
  /** Copies that a new process goes on with, under the same id: nothing of the old one may be heard. */
  let publishing = new Set<CopyId>();
  /** Of this process: what it does beside the copies, and who reads back for it. */
  let lives: Life[] = [];

  const means: CopyMeans = {
    ...setting,
    report(life, { fileId, copyId }, report) {
      if (life.isAlive || (setting.tellsLate && !life.isUnheard)) offer({ kind: 'copy_reported', route, fileId, copyId, report });
    },
  };

  const newLife = (): Life => {
    const life = { isAlive: true, isUnheard: true };
    lives = [...lives.filter((other) => other.isAlive), life];
    return life;
  };

  const copyOf = (order: CopyOrder): FakeCopy => {
    const copy = copies.get(order.copyId) ?? createFakeCopy(means, order);
    copy.order = order;
    copies.set(order.copyId, copy);
    return copy;
  };

  const drop = (copyId: CopyId): void => {
    const copy = copies.get(copyId);
    if (copy !== undefined) endCopy(copy);
    publishing.delete(copyId);
    copies.delete(copyId);
    inHand.delete(copyId);
  };

  const endCopy = (copy: FakeCopy): void => {
    copy.life.isAlive = false;
    copy.life.isUnheard = publishing.has(copy.order.copyId);
    if (setting.tellsLate && !copy.life.isUnheard) lastWords(copy);
  };

  const withdraw = (copyId: CopyId): void => {
    const copy = copies.get(copyId);
    if (copy === undefined) return;
    copy.life.isAlive = false;
    const life = newLife();
    const { order } = copy;
    const done = (left: boolean): void => means.report(life, order, { kind: 'withdrawn', left });
    copy.whenSettled(() => removePart(order, life, done));
  };

  const removePart = (order: CopyOrder, life: Life, done: (left: boolean) => void): void => {
    if (!life.isAlive) return;
    callDestination(means, destination, 'unlink', order.part ?? order.destination, {
      operation: 'unlink',
      life,
      stalled: (side, operation, sinceMs) => means.report(life, order, { kind: 'stalled', side, operation, sinceMs }),
      failed: () => done(true),
      done() {
        if (order.part !== null) destination.unlink(order.part);
        done(false);
      },
    });
  };

  const hashSource = (effect: Extract<Effect, { kind: 'hash_source' }>): void => {
    const life = newLife();
    const tell = (report: CopyReport): void => means.report(life, effect, report);
    const opened = source.open(effect.source);
    const isExpected = opened?.fingerprint().mtimeNs === effect.expected.mtimeNs;
    if (opened === null) tell(failedAtSource('ENOENT'));
    else if (isExpected) tell({ kind: 'source_hashed', hash: hashOf(opened.content()) });
    else tell(failedAtSource('CHANGED'));
  };

  const removeParts = (effect: Extract<Effect, { kind: 'remove_parts' }>): void => {
    const life = newLife();
    const removed: string[] = [];
    const kept: string[] = [];
    const tell = (): void => {
      if (removed.length + kept.length < effect.parts.length || !life.isAlive) return;
      offer({ kind: 'parts_removed', route, sweepId: effect.sweepId, removed, kept });
    };
    for (const part of effect.parts) {
      const done = (list: string[]): void => {
        list.push(part);
        tell();
      };
      callDestination(means, destination, 'unlink', part, {
        operation: 'unlink',
        life,
        stalled: () => {},
        failed: () => done(kept),
        done() {
          destination.unlink(part);
          done(removed);
        },
      });
    }
  };

  const markLeftover = (effect: Extract<Effect, { kind: 'mark_leftover' }>): void => {
    const life = newLife();
    const { mark, fileId } = effect;
    const tell = (outcome: 'done' | 'gone' | 'refused'): void => {
      if (life.isAlive) offer({ kind: 'leftover_marked', route, fileId, mark, outcome });
    };
    callDestination(means, destination, 'link', mark.to, {
      operation: 'link',
      life,
      stalled: () => {},
      failed: () => tell('refused'),
      done() {
        const sizeBytes = destination.content(mark.from)?.sizeBytes ?? -1;
        if (sizeBytes < mark.leastBytes) tell('gone');
        else if (destination.linksRefused() || !destination.link(mark.from, mark.to)) tell('refused');
        else {
          destination.unlink(mark.from);
          tell('done');
        }
      },
    });
  };

  /** What a killed process had on its way, told as if somebody still listened. */
  const lastWords = (copy: FakeCopy): void => {
    const { fileId, copyId } = copy.order;
    const hash = hashOf({ sizeBytes: 1, stamp: 'late' });
    const fault: CallFault = { side: 'destination', code: 'EIO', operation: 'write', message: 'late' };
    const words: CopyReport[] = [
      { kind: 'progress', syncedBytes: 1, sizeBytes: 1, phase: null, phaseDone: null },
      { kind: 'name_taken' },
      { kind: 'copied', hash, fingerprint: { sizeBytes: 1, mtimeNs: '1' } },
      { kind: 'verified', readback: 'direct', sourceGone: true },
      { kind: 'published', notes: [] },
      { kind: 'already_there', hash, readback: 'direct', fingerprint: { sizeBytes: 1, mtimeNs: '1' } },
      { kind: 'withdrawn', left: false },
      { kind: 'failed', fault, syncedBytes: 1, sizeBytes: 1 },
    ];
    words.forEach((report, index) => clock.after(20 + 700 * index, () => offer({ kind: 'copy_reported', route, fileId, copyId, report })));
  };

  const end = (): void => {
    for (const copy of copies.values()) endCopy(copy);
    for (const life of lives) life.isAlive = false;
    lives = [];
    copies = new Map();
    inHand = new Set();
    publishing = new Set();
  };

  const performOrder = (effect: Extract<CarrierEffect, { order: unknown }>): void => {
    inHand.add(effect.order.copyId);
    switch (effect.kind) {
      case 'preflight':
        copyOf(effect.order).preflight();
        return;
      case 'copy':
        if (effect.order.compare) copyOf(effect.order).compare();
        else copyOf(effect.order).start();
        return;
      case 'read_back_fresh': {
        const reader = createFakeCopy(means, effect.order);
        lives.push(reader.life);
        reader.readBackFresh(effect.hash);
        return;
      }
      case 'publish':
        publishing.add(effect.order.copyId);
        publishFake(means, effect.order, newLife());
    }
  };

  return {
    perform(effect) {
      switch (effect.kind) {
        case 'preflight':
        case 'copy':
        case 'read_back_fresh':
        case 'publish':
          performOrder(effect);
          return;
        case 'read_back':
          copies.get(effect.copyId)?.readBack();
          return;
        case 'follow_again':
          copies.get(effect.copyId)?.followAgain();
          return;
        case 'withdraw':
          withdraw(effect.copyId);
          return;
        case 'give_up':
        case 'forget':
          drop(effect.copyId);
          return;
        case 'hash_source':
          inHand.add(effect.copyId);
          hashSource(effect);
          return;
        case 'end_carrier':
          end();
          return;
        case 'remove_parts':
          removeParts(effect);
          return;
        case 'mark_leftover':
          markLeftover(effect);
      }
    },
    end,
    crash() {
      const copyIds = [...inHand];
      end();
      clock.after(5, () => offer({ kind: 'carrier_lost', route, copyIds, code: 'ended' }));
    },
    inHand: () => [...inHand],
  };
}

function failedAtSource(code: string): CopyReport {
  const fault: CallFault = { side: 'source', code, operation: 'hash', message: `simulated ${code}` };
  return { kind: 'failed', fault, syncedBytes: 0, sizeBytes: 0 };
}
