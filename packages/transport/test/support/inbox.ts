import type { CopyReport } from '@sluice/core/model';
import type { CarrierMessage } from '../../src/carrier/messages.ts';

/** The reports of a carrier, and the calls that wait for them. */
export interface Inbox {
  readonly reported: CarrierMessage[];
  put(message: CarrierMessage): void;
  /** The first report of one of these kinds that no earlier call has returned. */
  next<K extends CopyReport['kind']>(...kinds: K[]): Promise<Extract<CopyReport, { kind: K }>>;
  /** The first message that is not the report of a copy. */
  swept(): Promise<Extract<CarrierMessage, { kind: 'parts_removed' }>>;
  marked(): Promise<Extract<CarrierMessage, { kind: 'leftover_marked' }>>;
  leftoverRemoved(): Promise<Extract<CarrierMessage, { kind: 'leftover_removed' }>>;
  /** Ends the inbox: no more reports come, so a waiting call fails. */
  end(): void;
}

/** A test that waits for a report that never comes fails after this time, milliseconds. */
const timeoutMs = 15_000;

export function createInbox(): Inbox {
  const reported: CarrierMessage[] = [];
  let seen = 0;
  let wake = (): void => undefined;
  let giveUp = (): void => undefined;

  const woken = (): Promise<void> =>
    new Promise((resolve, reject) => {
      giveUp = () => {
        clearTimeout(timer);
        reject(new Error('nothing was reported any more'));
      };
      const timer = setTimeout(giveUp, timeoutMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const until = async <T>(pick: (message: CarrierMessage) => T | null): Promise<T> => {
    for (;;) {
      while (seen < reported.length) {
        const message = reported[seen++];
        const found = message === undefined ? null : pick(message);
        if (found !== null) return found;
      }
      await woken();
    }
  };

  return {
    reported,
    put: (message) => {
      reported.push(message);
      wake();
    },
    next: <K extends CopyReport['kind']>(...kinds: K[]) =>
      until((message) => {
        if (message.kind !== 'copy_reported') return null;
        const { report } = message;
        if (kinds.includes(report.kind as K)) return report as Extract<CopyReport, { kind: K }>;
        // To wait for what will never come would hang the test and hide the reason.
        if (report.kind === 'failed') throw new Error(`failed instead of ${kinds.join(' or ')}: ${JSON.stringify(report)}`);
        return null;
      }),
    swept: () => until((message) => (message.kind === 'parts_removed' ? message : null)),
    marked: () => until((message) => (message.kind === 'leftover_marked' ? message : null)),
    leftoverRemoved: () => until((message) => (message.kind === 'leftover_removed' ? message : null)),
    end: () => giveUp(),
  };
}
