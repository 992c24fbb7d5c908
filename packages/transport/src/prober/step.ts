import type { ProbeResult, RouteSettings } from '@sluice/core';
import { errnoOf } from '@sluice/platform';
import { gateCauseOf } from '../storage/classify.ts';

/** One question to a destination. */
export interface Question {
  readonly route: RouteSettings;
  /** First eight hex digits of the agent's UUID. */
  readonly agentId: string;
  readonly expectedMarker: string | null;
  readonly plainFolderMeant: boolean;
  /** Re-checked before every call that creates or removes. */
  readonly mayGoOn: () => boolean;
  /** Called with the name of each call before it begins. */
  readonly onCall?: (operation: string) => void;
}

export type Bad = Extract<ProbeResult, { kind: 'bad' }>;

/** The outcome of one step of a probe: its value, or the answer that ends the probe. */
export type Step<Value> = { readonly kind: 'done'; readonly value: Value } | Bad;

export function done<Value>(value: Value): Step<Value> {
  return { kind: 'done', value };
}

/** Makes one call to the destination; a call that fails is a bad answer. */
export type Call = <Value>(operation: string, work: () => Promise<Value>) => Promise<Step<Value>>;

/** @param description what the destination's path is, for the answers */
export function caller(question: Question, description: string): Call {
  return async (operation, work) => {
    question.onCall?.(operation);
    try {
      return done(await work());
    } catch (error) {
      return badCall(question, errnoOf(error), operation, description);
    }
  };
}

function badCall({ route }: Question, code: string, operation: string, description: string): Bad {
  const root = route.destination;
  const cause = gateCauseOf(code);
  if (cause === 'read_only') return bad(cause, code, `${root} is read-only`, operation, description);
  if (cause === 'denied') return bad(cause, code, `Sluice may not write to ${root}; give its user the right to`, operation, description);
  if (code === 'ENOTDIR') return bad(cause, code, `${root} is no folder`, operation, description);
  if (code === 'REMOUNTED') return bad(cause, code, 'the destination was mounted again; Sluice checks it again', operation, description);
  if (code === 'ENOENT') {
    return bad(cause, code, `the folder ${root} is missing; mount the share or create the folder`, operation, description);
  }
  return bad(cause, code, `${root} cannot be reached (${code})`, operation, description);
}

export function bad(cause: Bad['cause'], code: string, operator: string, operation: string, description: string | null): Bad {
  return { kind: 'bad', cause, code, operator, technical: `${operation}: ${code}`, description };
}
