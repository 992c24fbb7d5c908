import { setTimeout } from 'node:timers/promises';
import type { Finding, ProbeResult, RouteSettings } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { processLimits } from '../limits.ts';
import { gateCauseOf } from '../storage/storage.ts';

/** One question to a destination. */
export interface Question {
  readonly route: RouteSettings;
  /** First eight hex digits of the agent's UUID. */
  readonly agentId: string;
  /** The number of the question among those being answered, from 1. It is part of the probe files' names. */
  readonly number: number;
  /** Whether an earlier prober may have left probe files, with any number. */
  readonly mayHaveLeftovers: boolean;
  readonly expectedMarker: string | null;
  readonly plainFolderMeant: boolean;
  /** Whether a probe file is created even if the system says that the root is writable. */
  readonly writes: boolean;
  /** Whether writing a marker is tried at a destination that has none. */
  readonly rehearsesMarker?: boolean;
  /** Called before every call that creates or removes; false ends the probe. */
  readonly mayGoOn: () => boolean;
  /** Called with the name of each call before it begins. */
  readonly onCall?: (operation: string) => void;
}

/** A bad result of a probe. */
export type Bad = Extract<ProbeResult, { kind: 'bad' }>;

/** The outcome of one step of a probe: its value, or the bad result that ends the probe. */
export type Step<Value> = { readonly kind: 'done'; readonly value: Value } | Bad;

/** Returns the outcome of a step that succeeded. */
export function done<Value>(value: Value): Step<Value> {
  return { kind: 'done', value };
}

/** Makes one call to the destination. A failed call is a bad result. */
export type Call = <Value>(operation: string, work: () => Promise<Value>) => Promise<Step<Value>>;

/** Transient errors, after which the call is tried again. EBUSY is not one: it means that a probe file cannot be created. */
const busyMoment: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

/** Returns the function that makes the calls of a question. @param description filesystem and device, for bad results */
export function caller(question: Question, description: string): Call {
  return async (operation, work) => {
    for (let tries = 1; ; tries += 1) {
      question.onCall?.(operation);
      try {
        return done(await work());
      } catch (error) {
        const code = errnoOf(error);
        if (!busyMoment.has(code) || tries >= processLimits.busyTries)
          return bad(gateCauseOf(code), code, { kind: 'call_failed', operation }, description);
      }
      await setTimeout(processLimits.busyPauseMs * tries);
    }
  };
}

/** Returns the bad result of a probe. */
export function bad(cause: Bad['cause'], code: string, finding: Finding, description: string | null): Bad {
  return { kind: 'bad', cause, code, finding, description };
}
