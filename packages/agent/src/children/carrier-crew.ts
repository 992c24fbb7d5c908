import { type Child, startChild } from '@sluice/child';
import type { Effect, Event } from '@sluice/core';
import { type CopyId, type RouteSettings, unreachable } from '@sluice/core/model';
import { type CarrierCommand, type CarrierInit, type CarrierMessage, carrierKind } from '@sluice/transport';
import { limits } from '../limits.ts';
import { type Carrier, Carriers } from './carriers.ts';
import { type Crew, type CrewSetting, endText, isMute, targetOf } from './crew.ts';
import { acceptsOfCarrier } from './message-checks.ts';
import type { Seat, Windows } from './shared-memory.ts';

type CarrierEffect = Exclude<CarrierCommand, { kind: 'configure' }> | Extract<Effect, { kind: 'end_carrier' }>;
/** What a carrier tells core. */
type CarrierReport = Extract<CarrierMessage, Event>;
type EndOfCopy = Extract<CarrierCommand, { kind: 'give_up' | 'forget' }>;

/** The processes that read, hash and write the copies of one route. */
export interface CarrierCrew extends Crew {
  perform(effect: CarrierEffect): void;
}

/**
 * Creates the carriers of a route.
 *
 * @param env environment variables of a carrier
 * @param windows the memory that it shares with carriers of the same source
 */
export function createCarrierCrew(setting: CrewSetting, env: Readonly<Record<string, string>>, windows: Windows): CarrierCrew {
  return new RouteCrew(setting, env, windows);
}

class RouteCrew implements CarrierCrew {
  #setting: CrewSetting;
  readonly #env: Readonly<Record<string, string>>;
  readonly #windows: Windows;
  readonly #carriers: Carriers;
  readonly #readers: FreshReaders;
  #hasEnded = false;
  #cancelCheck: () => void;
  #cancelPreparation: () => void;

  constructor(setting: CrewSetting, env: Readonly<Record<string, string>>, windows: Windows) {
    this.#setting = setting;
    this.#env = env;
    this.#windows = windows;
    this.#carriers = new Carriers({
      start: () => this.#start(),
      target: () => targetOf(setting.route.destination),
      monotonic: setting.monotonic,
    });
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
      case 'remove_leftover':
        this.#carriers.live()?.child.send(effect);
        return;
      case 'preflight':
      case 'copy':
        return this.#send(effect, effect.order.copyId, () => this.#carriers.forCopy(effect.order, this.#setting.route));
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

  configure(route: RouteSettings): void {
    this.#setting = { ...this.#setting, route };
    for (const { child } of this.#carriers.all()) child.send({ kind: 'configure', route });
  }

  end(): void {
    this.#hasEnded = true;
    this.#cancelCheck();
    this.#cancelPreparation();
    this.#abandonAll();
  }

  /** Ends every process. A new one is started before the gate opens again. */
  #endCarriers(): void {
    this.#abandonAll();
    this.#cancelPreparation();
    this.#cancelPreparation = this.#prepareLater();
  }

  /** Sends a command to the process that runs this copy. If none does, gives the copy to the one that `choose` returns. */
  #send(command: CarrierCommand, copyId: CopyId, choose = (): Carrier | null => this.#carriers.live()): void {
    const carrier = this.#carriers.holderOf(copyId) ?? choose();
    if (carrier === null) {
      this.#setting.offer({ kind: 'carrier_lost', route: this.#setting.route.name, copyIds: [copyId], code: 'hung' });
      return;
    }
    carrier.copies.add(copyId);
    carrier.child.send(command);
  }

  #endCopy(command: EndOfCopy): void {
    this.#readers.drop(command.copyId);
    const carrier = this.#carriers.holderOf(command.copyId);
    if (carrier === null) return;
    carrier.child.send(command);
    carrier.copies.delete(command.copyId);
    if (command.kind === 'give_up' && command.isHung) this.#retire(carrier);
    this.#carriers.abandonIdle(carrier);
  }

  #start(): Carrier {
    const child = this.#spawn(
      (message) => this.#pass(message),
      (text) => this.#lose(started, text),
      this.#windows.take(),
    );
    const started: Carrier = { child, copies: new Set() };
    return started;
  }

  /** Starts a carrier process. @param seat its place in the shared memory; a process that copies nothing has none */
  #spawn(onMessage: (message: CarrierReport) => void, onEnd: (text: string) => void, seat: Seat | null = null): Child<CarrierCommand> {
    const { route, register } = this.#setting;
    const child: Child<CarrierCommand> = startChild<CarrierInit, CarrierCommand, CarrierMessage>({
      kind: carrierKind,
      init: { route, windows: seat?.windows },
      env: this.#env,
      accepts: acceptsOfCarrier(route.name),
      onMessage: (message) => (message.kind === 'disks' ? this.#carriers.noteDisks(message.areOwn) : onMessage(message)),
      onEnd: (end) => onEnd(endText('carrier', end)),
      onGone: () => {
        seat?.free();
        register.gone(child.pid);
      },
      onClogged: () => onEnd('the copy process does not accept orders'),
    });
    register.born(carrierKind, child);
    const abandon = (): void => {
      child.abandon();
      seat?.empty();
    };
    return { ...child, abandon };
  }

  #pass(message: CarrierReport): void {
    if (message.kind === 'copy_reported') {
      if (message.report.kind === 'created') this.#carriers.noteCreated(message.copyId);
      if (message.report.kind === 'published') this.#carriers.noteGood();
    }
    this.#setting.offer(message);
  }

  /** Reports all copies of a process as lost. Core then asks the destination what became of them. */
  #lose(carrier: Carrier, text: string): void {
    if (!this.#carriers.has(carrier)) return;
    const { route, log, offer } = this.#setting;
    log('error', `${route.name}: ${text}`);
    this.#carriers.abandon(carrier);
    offer({ kind: 'carrier_lost', route: route.name, copyIds: [...carrier.copies], code: 'ended' });
  }

  #retire(carrier: Carrier): void {
    if (!this.#carriers.retire(carrier)) return;
    const { route, log } = this.#setting;
    log('warn', `${route.name}: a call of the copy process ${carrier.child.pid} hangs; it gets no new copies`);
  }

  #abandonAll(): void {
    this.#readers.end();
    this.#carriers.abandonAll();
  }

  /** Starts a process some time before the first copy, because starting takes a while. */
  #prepareLater(): () => void {
    return this.#setting.after(limits.prepareCarrierMs, () => {
      if (!this.#hasEnded) this.#carriers.live();
    });
  }

  #checkLater(): () => void {
    return this.#setting.after(limits.heartbeatMs, () => this.#check());
  }

  /** Abandons a process if even its heartbeat has stopped. A retired one is waited for: a call of it hangs anyway. */
  #check(): void {
    if (this.#hasEnded) return;
    this.#cancelCheck = this.#checkLater();
    const now = this.#setting.monotonic();
    for (const carrier of this.#carriers.working())
      if (isMute(carrier.child, now, limits.silentChildMs)) this.#lose(carrier, 'the copy process does not answer');
    this.#carriers.endUnused();
  }
}

type ReadEffect = Extract<CarrierCommand, { kind: 'read_back_fresh' }>;
type StartCarrier = (onMessage: (message: CarrierReport) => void, onEnd: (text: string) => void) => Child<CarrierCommand>;

/** Processes that read back copies written by another process. */
interface FreshReaders {
  read(effect: ReadEffect): void;
  drop(copyId: CopyId): void;
  end(): void;
}

/** Creates a separate process for each readback through the page cache, with a limit on how many run at once. */
function createFreshReaders({ route, offer, log }: CrewSetting, start: StartCarrier): FreshReaders {
  const running = new Map<CopyId, Child<CarrierCommand>>();
  let waiting: ReadEffect[] = [];

  const next = (): void => {
    const effect = running.size < limits.freshReaders ? waiting.shift() : undefined;
    if (effect === undefined) return;
    const { copyId } = effect.order;
    const child = start(
      (message) => {
        offer(message);
        if (message.kind === 'copy_reported' && isAnswer(message.report.kind)) finish(copyId);
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
