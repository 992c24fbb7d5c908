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
  /** Among the questions that the prober works on at once, from 1. It is in the names of the probe files. */
  readonly number: number;
  /** Whether an earlier prober may have left probe files, of any number. */
  readonly mayHaveLeftovers: boolean;
  readonly expectedMarker: string | null;
  readonly plainFolderMeant: boolean;
  /** Whether a file is created, also where reading leaves no doubt. */
  readonly writes: boolean;
  /** A destination without a marker is tried for whether one can be left there. */
  readonly rehearsesMarker?: boolean;
  /** Re-checked before every call that creates or removes. */
  readonly mayGoOn: () => boolean;
  /** Called with the name of each call before it begins. */
  readonly onCall?: (operation: string) => void;
}

/** A bad result of a probe. */
export type Bad = Extract<ProbeResult, { kind: 'bad' }>;

/** The outcome of one step of a probe: its value, or the answer that ends the probe. */
export type Step<Value> = { readonly kind: 'done'; readonly value: Value } | Bad;

/** Returns the outcome of a step that succeeded. */
export function done<Value>(value: Value): Step<Value> {
  return { kind: 'done', value };
}

/** Makes one call to the destination; a call that fails is a bad answer. */
export type Call = <Value>(operation: string, work: () => Promise<Value>) => Promise<Step<Value>>;

/** Errors of one busy moment: they are no answer of the destination. EBUSY is one where a probe file cannot be made. */
const busyMoment: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

/** @param description what the destination's path is, for the answers */
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
