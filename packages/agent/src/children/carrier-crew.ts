import { type Child, startChild } from '@sluice/child';
import type { CopyId, Effect, Event } from '@sluice/core';
import { limits } from '../limits.ts';
import { type Crew, type CrewSetting, endText, isMute } from './crew.ts';

export type CarrierEffectKind =
  | 'preflight'
  | 'copy'
  | 'read_back'
  | 'read_back_fresh'
  | 'follow_again'
  | 'publish'
  | 'withdraw'
  | 'give_up'
  | 'hash_source'
  | 'forget'
  | 'remove_parts'
  | 'end_carrier';
type CarrierEffect = Extract<Effect, { kind: CarrierEffectKind }>;
type CarrierEvent = Extract<Event, { kind: 'copy_reported' | 'parts_removed' }>;
type Carrier = Child<CarrierEffect>;

/** The process that reads, hashes and writes the copies of one route, and fresh ones that read back what it wrote. */
export interface CarrierCrew extends Crew {
  perform(effect: CarrierEffect): void;
}

/** @param threads for the process' file calls: more than twice its lanes, for a hung call holds one */
export function createCarrierCrew(setting: CrewSetting, threads: number): CarrierCrew {
  const { route, offer, after, monotonic, register, log } = setting;
  const readers = createReaders(setting, startCarrier);
  let current: { readonly child: Carrier; readonly copies: Set<CopyId> } | null = null;
  let hasEnded = false;

  function startCarrier(onMessage: (event: CarrierEvent) => void, onEnd: (text: string) => void): Carrier {
    const born: Carrier = startChild<{ route: typeof route }, CarrierEffect, CarrierEvent>({
      kind: 'carrier',
      init: { route },
      env: { UV_THREADPOOL_SIZE: String(threads) },
      onMessage,
      onEnd: (end) => onEnd(endText('carrier', end)),
      onGone: () => register.gone(born.pid),
    });
    register.born('carrier', born.pid);
    return born;
  }

  const live = (): { readonly child: Carrier; readonly copies: Set<CopyId> } => {
    if (current !== null) return current;
    const copies = new Set<CopyId>();
    const child = startCarrier(offer, (text) => {
      log('error', `${route.name}: ${text}`);
      if (current?.child === child) lose('ended');
    });
    current = { child, copies };
    return current;
  };

  /** What it had in hand is lost; core asks the destination what that means. */
  const lose = (code: string): void => {
    const copyIds = [...(current?.copies ?? [])];
    current = null;
    if (copyIds.length > 0) offer({ kind: 'carrier_lost', route: route.name, copyIds, code });
  };

  const look = (): void => {
    if (hasEnded) return;
    callOff = after(limits.heartbeatMs, look);
    if (current === null || !isMute(current.child, monotonic(), limits.silentChildMs)) return;
    log('error', `${route.name}: the carrier process does not answer; it is ended`);
    current.child.abandon();
    lose('mute');
  };
  let callOff = after(limits.heartbeatMs, look);

  const sendTo = (effect: CarrierEffect, copyId: CopyId | null): void => {
    const { child, copies } = live();
    if (copyId !== null) copies.add(copyId);
    child.send(effect);
  };

  const drop = (effect: CarrierEffect, copyId: CopyId): void => {
    readers.drop(copyId);
    if (current === null) return;
    current.child.send(effect);
    current.copies.delete(copyId);
  };

  return {
    perform(effect) {
      if (hasEnded) return;
      switch (effect.kind) {
        case 'end_carrier':
          current?.child.abandon();
          current = null;
          readers.end();
          return;
        case 'give_up':
        case 'forget':
          drop(effect, effect.copyId);
          return;
        case 'read_back_fresh':
          readers.read(effect);
          return;
        case 'remove_parts':
          sendTo(effect, null);
          return;
        case 'preflight':
        case 'copy':
        case 'publish':
          sendTo(effect, effect.order.copyId);
          return;
        default:
          sendTo(effect, effect.copyId);
      }
    },
    end() {
      hasEnded = true;
      callOff();
      readers.end();
      current?.child.abandon();
    },
  };
}

type ReadEffect = Extract<Effect, { kind: 'read_back_fresh' }>;
type StartCarrier = (onMessage: (event: CarrierEvent) => void, onEnd: (text: string) => void) => Carrier;

interface Readers {
  read(effect: ReadEffect): void;
  drop(copyId: CopyId): void;
  end(): void;
}

/** A process of its own for each readback through the page cache, few at once. */
function createReaders({ route, offer, log }: CrewSetting, start: StartCarrier): Readers {
  const running = new Map<CopyId, Carrier>();
  let waiting: ReadEffect[] = [];

  const next = (): void => {
    const effect = running.size < limits.freshReaders ? waiting.shift() : undefined;
    if (effect === undefined) return;
    const { copyId } = effect.order;
    const child = start(
      (event) => {
        offer(event);
        if (event.kind === 'copy_reported' && isAnswer(event.report.kind)) finish(copyId);
      },
      (text) => {
        log('error', `${route.name}: ${text}`);
        if (running.delete(copyId)) offer({ kind: 'carrier_lost', route: route.name, copyIds: [copyId], code: 'ended' });
        next();
      },
    );
    running.set(copyId, child);
    child.send(effect);
    next();
  };

  const finish = (copyId: CopyId): void => {
    running.get(copyId)?.abandon();
    running.delete(copyId);
    next();
  };

  return {
    read(effect) {
      waiting.push(effect);
      next();
    },
    drop(copyId) {
      waiting = waiting.filter((effect) => effect.order.copyId !== copyId);
      if (running.has(copyId)) finish(copyId);
    },
    end() {
      waiting = [];
      for (const child of running.values()) child.abandon();
      running.clear();
    },
  };
}

function isAnswer(kind: string): boolean {
  return kind === 'verified' || kind === 'failed' || kind === 'source_moved';
}
