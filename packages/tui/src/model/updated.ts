import type { Intent, Model } from './model.ts';

/** What a message makes of a model, and what is to be done outside. */
export interface Updated {
  readonly model: Model;
  readonly intents: readonly Intent[];
}
