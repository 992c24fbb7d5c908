import { type Child, createSeats, startChild } from '@sluice/child';
import { type CopyId, type Effect, unreachable } from '@sluice/core';
import { type CarrierCommand, type CarrierInit, type CarrierMessage, carrierKind } from '@sluice/transport';
import { limits } from '../limits.ts';
import { type Crew, type CrewSetting, endText, isMute } from './crew.ts';
import { createFreshReaders } from './fresh-readers.ts';
import { placeOf } from './place.ts';

type CarrierEffect = CarrierCommand | Extract<Effect, { kind: 'end_carrier' }>;
type EndOfCopy = Extract<CarrierCommand, { kind: 'give_up' | 'forget' }>;

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
 * Creates the carriers of one route. One process takes the new copies. A process that lost a call to a hang takes none: it is
 * ended when its other copies are over, and at most `limits.retiredCarriers` of them may wait for that.
 *
 * @param env what a carrier's environment needs
 */
export function createCarrierCrew(setting: CrewSetting, env: Readonly<Record<string, string>>): CarrierCrew {
  return new RouteCarriers(setting, env);
}

class RouteCarriers implements CarrierCrew {
  readonly #setting: CrewSetting;
  readonly #env: Readonly<Record<string, string>>;
  readonly #seats = createSeats();
  readonly #readers: ReturnType<typeof createFreshReaders>;
  /** Takes the new copies; null until one is needed or prepared. */
  #current: Carrier | null = null;
  /** Each lost a call to a hang and has other copies in hand. */
  #retired: readonly Carrier[] = [];
  #hasEnded = false;
  #cancelCheck: () => void;
  #cancelPreparation: () => void;

  constructor(setting: CrewSetting, env: Readonly<Record<string, string>>) {
    this.#setting = setting;
    this.#env = env;
    this.#readers = createFreshReaders(setting, (onMessage, onEnd) => this.#spawn(onMessage, onEnd));
    this.#cancelCheck = this.#checkLater();
    this.#cancelPreparation = this.#prepareLater();
  }

  perform(effect: CarrierEffect): void {
    if (this.#hasEnded) return;
    switch (effect.kind) {
      case 'end_carrier':
        return this.#endCarriers();
      case 'give_up':
      case 'forget':
        return this.#endCopy(effect);
      case 'read_back_fresh':
        return this.#readers.read(effect);
      case 'remove_parts':
      case 'mark_leftover':
        this.#live()?.child.send(effect);
        return;
      case 'preflight':
      case 'copy':
      case 'publish':
        return this.#send(effect, effect.order.copyId);
      case 'read_back':
      case 'follow_again':
      case 'withdraw':
      case 'hash_source':
        return this.#send(effect, effect.copyId);
      default:
        return unreachable(effect);
    }
  }

  end(): void {
    this.#hasEnded = true;
    this.#cancelCheck();
    this.#cancelPreparation();
    this.#abandonAll();
  }

  /** Ends every process; a new one is prepared for when the gate opens. */
  #endCarriers(): void {
    this.#abandonAll();
    this.#cancelPreparation();
    this.#cancelPreparation = this.#prepareLater();
  }

  /** Sends a command to the process that has this copy in hand, or gives the copy to the current process. */
  #send(command: CarrierCommand, copyId: CopyId): void {
    const carrier = this.#holderOf(copyId) ?? this.#live();
    if (carrier === null) {
      this.#setting.offer({ kind: 'carrier_lost', route: this.#setting.route.name, copyIds: [copyId], code: 'hung' });
      return;
    }
    carrier.copies.add(copyId);
    carrier.child.send(command);
  }

  #endCopy(command: EndOfCopy): void {
    this.#readers.drop(command.copyId);
    const carrier = this.#holderOf(command.copyId);
    if (carrier === null) return;
    carrier.child.send(command);
    carrier.copies.delete(command.copyId);
    if (command.kind === 'give_up' && command.isHung) this.#retire(carrier);
    this.#abandonIdle(carrier);
  }

  #holderOf(copyId: CopyId): Carrier | null {
    const retired = this.#retired.find(({ copies }) => copies.has(copyId));
    if (retired !== undefined) return retired;
    return this.#current?.copies.has(copyId) === true ? this.#current : null;
  }

  /** @returns null where so many processes hang that no further one may be started */
  #live(): Carrier | null {
    if (this.#current === null && this.#seats.hung(this.#place()) === null) this.#current = this.#start();
    return this.#current;
  }

  #start(): Carrier {
    const child = this.#spawn(
      (message) => this.#pass(message),
      (text) => this.#lose(started, text),
    );
    const started: Carrier = { child, copies: new Set() };
    return started;
  }

  #spawn(onMessage: (message: CarrierMessage) => void, onEnd: (text: string) => void): Child<CarrierCommand> {
    const { route, register } = this.#setting;
    const child: Child<CarrierCommand> = startChild<CarrierInit, CarrierCommand, CarrierMessage>({
      kind: carrierKind,
      init: { route },
      env: this.#env,
      onMessage,
      onEnd: (end) => onEnd(endText('carrier', end)),
      onGone: () => register.gone(child.pid),
      onClogged: () => onEnd('the carrier process does not take its orders'),
    });
    register.born(carrierKind, child);
    return child;
  }

  #pass(message: CarrierMessage): void {
    if (message.kind === 'copy_reported' && message.report.kind === 'published') this.#seats.noteGood();
    this.#setting.offer(message);
  }

  /** Reports all copies of a process as lost: core checks the destination for what became of them. */
  #lose(carrier: Carrier, text: string): void {
    if (carrier !== this.#current && !this.#retired.includes(carrier)) return;
    const { route, log, offer } = this.#setting;
    log('error', `${route.name}: ${text}`);
    this.#abandon(carrier);
    offer({ kind: 'carrier_lost', route: route.name, copyIds: [...carrier.copies], code: 'ended' });
  }

  /** Gives no new copies to a process that lost a thread to a call that hangs. */
  #retire(carrier: Carrier): void {
    if (carrier !== this.#current || this.#retired.length >= limits.retiredCarriers) return;
    const { route, log } = this.#setting;
    log('warn', `${route.name}: a call of the carrier process ${carrier.child.pid} hangs; it takes no new copies`);
    this.#current = null;
    this.#retired = [...this.#retired, carrier];
  }

  #abandonIdle(carrier: Carrier): void {
    if (this.#retired.includes(carrier) && carrier.copies.size === 0) this.#abandon(carrier);
  }

  #abandonAll(): void {
    this.#readers.end();
    for (const carrier of this.#retired) this.#abandon(carrier);
    if (this.#current !== null) this.#abandon(this.#current);
  }

  /** Kills a process without waiting for it. It may hang: it keeps its seat until it really ended. */
  #abandon(carrier: Carrier): void {
    if (this.#current === carrier) this.#current = null;
    this.#retired = this.#retired.filter((other) => other !== carrier);
    const { pid, isGone } = carrier.child;
    this.#seats.noteAbandoned({ pid, place: this.#place(), isGone }, this.#setting.monotonic());
    carrier.child.abandon();
  }

  #place(): string {
    return placeOf(this.#setting.route.destination);
  }

  /** A process takes a while to start: one is ready before the first copy. */
  #prepareLater(): () => void {
    return this.#setting.after(limits.prepareCarrierMs, () => {
      if (!this.#hasEnded) this.#live();
    });
  }

  #checkLater(): () => void {
    return this.#setting.after(limits.heartbeatMs, () => this.#check());
  }

  /** Gives up the current process where even its heartbeat has stopped. */
  #check(): void {
    if (this.#hasEnded) return;
    this.#cancelCheck = this.#checkLater();
    const { monotonic } = this.#setting;
    if (this.#current !== null && isMute(this.#current.child, monotonic(), limits.silentChildMs))
      this.#lose(this.#current, 'the carrier process does not answer');
  }
}
