import { outageFacts } from '@sluice/words';
import { selectedPast, shownHistory } from '../history/rows.ts';
import { askHistory } from '../history/selection.ts';
import type { Model } from '../model/model.ts';
import type { Updated } from '../model/updated.ts';
import { rangeBy } from '../selection/selected.ts';

/** @param by 1: the next longer time, -1: the next shorter one */
export function chooseRange(model: Model, by: number): Updated {
  const range = rangeBy(model, by);
  return range === null ? { model, intents: [] } : askHistory(model, range);
}

/** All that is known of the selected outage. */
export function openOutage(model: Model): Updated {
  const row = selectedPast(model);
  if (row?.kind !== 'outage') return { model, intents: [] };
  return { model: { ...model, dialogs: [{ kind: 'message', lines: outageFacts(row.outage, model.now) }] }, intents: [] };
}

/** Where it goes is asked first: a file in a folder that is carried would be carried. */
export function askExport(model: Model): Updated {
  const { files, outages } = shownHistory(model);
  const { range, hasMore } = model.history;
  const avoid = model.frame?.routes.flatMap(({ source, destination }) => [source, destination]) ?? [];
  const newest = hasMore ? model.history.files.length : null;
  return { model, intents: [{ do: 'place', past: { range, filter: model.filter.text, files, outages, newest }, avoid }] };
}
