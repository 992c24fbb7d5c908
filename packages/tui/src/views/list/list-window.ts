import type { ScreenRow } from '@sluice/control';
import type { Model } from '../../model/model.ts';
import { shownFrame } from '../../selection/selected.ts';

/** The rows that are shown in a list of this height; the selected one is always among them. */
export function listWindow(model: Model, height: number): readonly ScreenRow[] {
  const rows = shownFrame(model)?.rows;
  if (rows === undefined || height <= 0) return [];
  const last = Math.max(0, rows.rows.length - height);
  const wanted = Math.min(Math.max(0, model.top - rows.offset), last);
  const selected = rows.rows.findIndex(({ file }) => file.id === model.selected);
  return rows.rows.slice(withSelected(wanted, selected, height)).slice(0, height);
}

function withSelected(first: number, selected: number, height: number): number {
  if (selected < 0) return first;
  if (selected < first) return selected;
  return selected >= first + height ? selected - height + 1 : first;
}
