import type { Child } from '@sluice/child';
import type { CopyId } from '@sluice/core';
import type { CarrierCommand, CarrierMessage } from '@sluice/transport';
import { limits } from '../limits.ts';
import type { CrewSetting } from './crew.ts';

type ReadEffect = Extract<CarrierCommand, { kind: 'read_back_fresh' }>;
type StartCarrier = (onMessage: (message: CarrierMessage) => void, onEnd: (text: string) => void) => Child<CarrierCommand>;

/** Processes that never saw the copy they read back. */
interface FreshReaders {
  read(effect: ReadEffect): void;
  drop(copyId: CopyId): void;
  end(): void;
}

/** A separate process for each readback through the page cache, few at once. */
export function createFreshReaders({ route, offer, log }: CrewSetting, start: StartCarrier): FreshReaders {
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
