import { conditionsOf, type ShownCondition } from '@sluice/words';
import type { Model, Updated } from '../model/model.ts';
import { shownFrame } from '../model/shown.ts';

/** Opens the list of conditions. */
export function openConditions(model: Model): Updated {
  return { model: { ...model, dialogs: [...model.dialogs, { kind: 'conditions', scroll: 0 }] }, intents: [] };
}

const rank: Readonly<Record<ShownCondition['level'], number>> = { trouble: 0, warning: 1, notice: 2 };

/** Returns the conditions of all routes, the worst first. */
export function shownConditions(model: Model): readonly ShownCondition[] {
  const frame = shownFrame(model);
  if (frame === null) return [];
  const found = frame.routes.flatMap((route) => conditionsOf(route)).toSorted((a, b) => rank[a.level] - rank[b.level]);
  if (frame.verdict.ok || found.some(({ level }) => level === 'trouble')) return found;
  // Trouble of the agent itself, such as a journal that cannot be written.
  return [{ level: 'trouble', route: '', what: frame.verdict.text, since: null, todo: '' }, ...found];
}
