import { unreachable } from '@sluice/core/model';
import type { Intent } from '../model/model.ts';
import type { SafeAsked, SafeAsker } from '../model/safe.ts';
import type { AgentMessage } from './screen-client.ts';

/** Intents about the check of a source. */
export type SafeIntent = Extract<Intent, { readonly do: 'safe' | 'cancel_safe' }>;

/** Returns whether an intent is about the check of a source. */
export function isSafeIntent(intent: Intent): intent is SafeIntent {
  return intent.do === 'safe' || intent.do === 'cancel_safe';
}

/** Runs the check of a source, at most one at a time. A new check ends the previous one, which then reports nothing more. */
export class SafeRun {
  readonly #asker: SafeAsker | null;
  readonly #say: (message: AgentMessage) => void;
  #running: AbortController | null = null;

  constructor(asker: SafeAsker | null, say: (message: AgentMessage) => void) {
    this.#asker = asker;
    this.#say = say;
  }

  perform(intent: SafeIntent): void {
    switch (intent.do) {
      case 'safe':
        return void this.#check(intent.asked);
      case 'cancel_safe':
        return this.cancel();
      default:
        return unreachable(intent);
    }
  }

  cancel(): void {
    this.#running?.abort();
    this.#running = null;
  }

  async #check(asked: SafeAsked): Promise<void> {
    this.cancel();
    if (this.#asker === null) return this.#say(failed('this screen cannot check a source; run "sluice safe"'));
    const running = new AbortController();
    this.#running = running;
    const { signal } = running;
    const report = (message: AgentMessage): void => {
      if (!signal.aborted) this.#say(message);
    };
    try {
      const answer = await this.#asker.ask(asked, (progress) => report({ kind: 'safe_progress', progress }), signal);
      report({ kind: 'safe', answer, trouble: null });
    } catch (error) {
      report(failed(error instanceof Error ? error.message : String(error)));
    }
  }
}

function failed(trouble: string): AgentMessage {
  return { kind: 'safe', answer: null, trouble };
}
