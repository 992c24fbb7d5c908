import type { Dialog, Model, Updated } from '../model/model.ts';
import type { Theme } from '../picture/picture.ts';
import { noted } from './actions.ts';
import { type Binding, type Command, type Place, places } from './binding.ts';
import { listBindings } from './list-bindings.ts';
import { viewBindings } from './view-bindings.ts';

/** Every key of every view, in the order in which the help shows them. */
export const bindings: readonly Binding[] = [...viewBindings, ...listBindings];

/** @returns undefined if the key has no meaning in the present view */
function bindingOf(model: Model, key: string): Binding | undefined {
  const place = placeOf(model);
  return bindings.find((binding) => binding.keys.includes(key) && isIn(place, binding));
}

/** Handles a key in a view. If the action is not possible, the reason is shown. */
export function pressed(model: Model, key: string): Updated {
  const binding = bindingOf(model, key);
  if (binding === undefined) return { model, intents: [] };
  if (binding.isValid(model)) return binding.run(model);
  const why = binding.whyNot?.(model) ?? null;
  return { model: why === null ? model : noted(model, why, true), intents: [] };
}

/** Returns the view that a key acts on: the topmost, or the one below the help. */
export function placeOf({ dialogs }: Pick<Model, 'dialogs'>): Place {
  for (const { kind } of dialogs.toReversed()) if (isPlace(kind)) return kind;
  return 'list';
}

const isPlace = (kind: Dialog['kind']): kind is Exclude<Place, 'list'> => (places as readonly string[]).includes(kind);

function isIn(place: Place, { in: where = listOnly }: Binding): boolean {
  return where.includes(place);
}

const listOnly: readonly Place[] = ['list'];

/** @returns null if the key does nothing now */
export function commandOf(model: Model, key: string): Command | null {
  const binding = bindingOf(model, key);
  return binding?.isValid(model) === true ? binding.does : null;
}

/** A key that does something now, and its text. */
export interface KeyNow {
  readonly label: string;
  readonly text: string;
  readonly does: Command;
  readonly footer: Binding['footer'];
}

/** Returns the keys that do something now. */
export function keysNow(model: Model, theme: Theme): readonly KeyNow[] {
  const place = placeOf(model);
  return bindings
    .filter((binding) => isIn(place, binding) && binding.isValid(model))
    .map(({ label, text, does, footer }) => ({
      label: theme.unicode ? label : (asciiLabels[label] ?? label),
      text: typeof text === 'string' ? text : text(model),
      does,
      footer,
    }));
}

const asciiLabels: Readonly<Record<string, string>> = { '↑': 'Up', '↓': 'Down', '←': 'Left', '→': 'Right' };
