import type { Model } from './model.ts';

/** Returns the picture that is shown: the frozen one, or the newest. */
export function shownFrame(model: Model): Model['frame'] {
  return model.frozen ?? model.frame;
}
