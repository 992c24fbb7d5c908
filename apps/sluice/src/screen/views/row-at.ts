import type { ScreenRow } from '@sluice/agent';
import type { Model } from '../model.ts';
import { arrange } from './arrangement.ts';
import { listWindow } from './list-window.ts';

/** Which file stands in a row of the screen, counted from 0; null where there is none, or something lies over the list. */
export function rowAt(model: Model, row: number): ScreenRow | null {
  if (model.dialogs.length > 0 || model.tab === 'history') return null;
  // Where things stand does not depend on how they look.
  const { layout, listAt, isTiny } = arrange(model, { colours: 0, unicode: false, light: false });
  if (isTiny || row < listAt || row >= listAt + layout.list) return null;
  return listWindow(model, layout.list)[row - listAt] ?? null;
}
