import type { FileJson } from '@sluice/control';
import type { GateCause } from '@sluice/core';
import type { Model } from '../../model/model.ts';
import { shownFrame } from '../../selection/selected.ts';

/** Why the destination of a file is closed; null: it is open, or the route is not known. */
export function gateCauseOf(model: Model, { route }: Pick<FileJson, 'route'>): GateCause | null {
  return shownFrame(model)?.routes.find(({ name }) => name === route)?.gate.cause ?? null;
}
