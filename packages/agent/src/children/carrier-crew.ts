import { type Child, createSeats, startChild } from '@sluice/child';
import type { CopyId, Effect } from '@sluice/core';
import { type CarrierCommand, type CarrierInit, type CarrierMessage, carrierKind } from '@sluice/transport';
import { limits } from '../limits.ts';
import { type Crew, type CrewSetting, endText, isMute } from './crew.ts';
import { createFreshReaders } from './fresh-readers.ts';
import { placeOf } from './place.ts';

type CarrierEffect = CarrierCommand | Extract<Effect, { kind: 'end_carrier' }>;

/** A carrier process and the copies it has in hand. */
interface Carrier {
  readonly child: Child<CarrierCommand>;
  readonly copies: Set<CopyId>;
}

/** The processes that read, hash and write the copies of one route. */
export interface CarrierCrew extends Crew {
  perform(effect: CarrierEffect): void;
}

/**
 * One process takes the orders. One that lost a call to a hang takes no new ones: it is ended when its other copies are
 * done, and few such may be left hanging.
 *
 * @param env what a carrier's environment needs
 */
export function createCarrierCrew(setting: CrewSetting, env: Readonly<Record<string, string>>): CarrierCrew {
  const { route, offer, after, monotonic, register, log } = setting;
  const seats = createSeats();
  const readers = createFreshReaders(setting, spawn);
  let current: Carrier | null = null;
  let retired: Carrier[] = [];
  let hasEnded = false;

  function spawn(onMessage: (message: CarrierMessage) => void, onEnd: (text: string) => void): Child<CarrierCommand> {
    const born: Child<CarrierCommand> = startChild<CarrierInit, CarrierCommand, CarrierMessage>({
      kind: carrierKind,
      init: { route },
      env,
      onMessage,
      onEnd: (end) => onEnd(endText('carrier', end)),
      onGone: () => register.gone(born.pid),
      onClogged: () => onEnd('the carrier process does not take its orders'),
    });
    register.born(carrierKind, born);
    return born;
  }

  const start = (): Carrier => {
    const child = spawn(hear, (text) => lose(born, text));
    const born: Carrier = { child, copies: new Set() };
    return born;
  };

  const hear = (message: CarrierMessage): void => {
    if (message.kind === 'copy_reported' && message.report.kind === 'published') seats.noteGood();
    offer(message);
  };

  /** @returns null where so many hang that no further one may be started */
  const live = (): Carrier | null => {
    if (current === null && seats.hung(placeOf(route.destination)) === null) current = start();
    return current;
  };

  const holderOf = (copyId: CopyId): Carrier | null =>
    retired.find(({ copies }) => copies.has(copyId)) ?? (current?.copies.has(copyId) === true ? current : null);

  /** What it had in hand is lost; core asks the destination what that means. */
  const lose = (carrier: Carrier, text: string): void => {
    if (carrier !== current && !retired.includes(carrier)) return;
    log('error', `${route.name}: ${text}`);
    forgetCarrier(carrier);
    const copyIds = [...carrier.copies];
    offer({ kind: 'carrier_lost', route: route.name, copyIds, code: 'ended' });
  };

  /** Lets go of a process that may hang: it keeps its seat until it really ended. */
  const forgetCarrier = (carrier: Carrier): void => {
    if (current === carrier) current = null;
    retired = retired.filter((other) => other !== carrier);
    seats.noteAbandoned({ pid: carrier.child.pid, place: placeOf(route.destination), isGone: carrier.child.isGone }, monotonic());
    carrier.child.abandon();
  };

  /** A thread of it is lost to a call that hangs. */
  const retire = (carrier: Carrier): void => {
    if (carrier !== current || retired.length >= limits.retiredCarriers) return;
    log('warn', `${route.name}: a call of the carrier process ${carrier.child.pid} hangs; it takes no new copies`);
    current = null;
    retired.push(carrier);
  };

  const endIdle = (carrier: Carrier): void => {
    if (retired.includes(carrier) && carrier.copies.size === 0) forgetCarrier(carrier);
  };

  const send = (effect: CarrierCommand, copyId: CopyId): void => {
    const carrier = holderOf(copyId) ?? live();
    if (carrier === null) {
      offer({ kind: 'carrier_lost', route: route.name, copyIds: [copyId], code: 'hung' });
      return;
    }
    carrier.copies.add(copyId);
    carrier.child.send(effect);
  };

  const drop = (effect: Extract<CarrierCommand, { kind: 'give_up' | 'forget' }>): void => {
    readers.drop(effect.copyId);
    const carrier = holderOf(effect.copyId);
    if (carrier === null) return;
    carrier.child.send(effect);
    carrier.copies.delete(effect.copyId);
    if (effect.kind === 'give_up' && effect.isHung) retire(carrier);
    endIdle(carrier);
  };

  const endAll = (): void => {
    readers.end();
    for (const carrier of [...retired, ...(current === null ? [] : [current])]) forgetCarrier(carrier);
  };

  /** Its start takes a while: it is there before the first copy. */
  const prepare = (): void => {
    if (!hasEnded) live();
  };

  const look = (): void => {
    if (hasEnded) return;
    callOffLook = after(limits.heartbeatMs, look);
    if (current !== null && isMute(current.child, monotonic(), limits.silentChildMs)) lose(current, 'the carrier process does not answer');
  };
  let callOffLook = after(limits.heartbeatMs, look);
  let callOffPrepare = after(limits.prepareCarrierMs, prepare);

  return {
    perform(effect) {
      if (hasEnded) return;
      switch (effect.kind) {
        case 'end_carrier':
          endAll();
          callOffPrepare();
          callOffPrepare = after(limits.prepareCarrierMs, prepare);
          return;
        case 'give_up':
        case 'forget':
          drop(effect);
          return;
        case 'read_back_fresh':
          readers.read(effect);
          return;
        case 'remove_parts':
        case 'mark_leftover':
          live()?.child.send(effect);
          return;
        case 'preflight':
        case 'copy':
        case 'publish':
          send(effect, effect.order.copyId);
          return;
        default:
          send(effect, effect.copyId);
      }
    },
    end() {
      hasEnded = true;
      callOffLook();
      callOffPrepare();
      endAll();
    },
  };
}
