import { type Binding, bindings, type Command, meantRoute, rangeBy } from '../../keys/keymap.ts';
import type { Model } from '../../model/model.ts';
import type { Look } from '../../picture/picture.ts';

/** A key that does something now, and what, in few words. */
export interface KeyNow {
  readonly label: string;
  readonly text: string;
  readonly does: Command;
}

export function keysNow(model: Model, look: Look): readonly KeyNow[] {
  return bindings
    .filter((binding) => binding.isValid(model))
    .map((binding) => ({ label: labelOf(binding, look), text: textOf(binding, model), does: binding.does }));
}

const asciiLabels: Readonly<Record<string, string>> = { '↑': 'Up', '↓': 'Down', '←': 'Left', '→': 'Right' };

function labelOf({ label }: Binding, look: Look): string {
  return look.unicode ? label : (asciiLabels[label] ?? label);
}

/**
 * The footer text of a key, where it depends on the model or is shorter than the text in the help. Every other key shows
 * the text of its binding.
 */
const shortTexts: Readonly<Partial<Record<Command, (model: Model) => string | null>>> = {
  hold: holdText,
  adopt: () => 'adopt',
  narrower: (model) => rangeBy(model, -1),
  wider: (model) => rangeBy(model, 1),
  export: () => 'export',
  clear: () => 'clear',
  recovered: ({ hideRecovered }) => (hideRecovered ? 'show recovered' : 'hide recovered'),
  freeze: ({ frozen }) => (frozen === null ? 'freeze' : 'go on'),
  copy: () => 'copy path',
  mouse: ({ hasMouse }) => (hasMouse ? 'mouse off' : 'mouse on'),
  tour_storage: ({ tour }) => (tour?.storage === 'gone' ? 'storage back' : 'break storage'),
  tour_disk: ({ tour }) => (tour?.storage === 'wrong' ? 'right disk' : 'wrong disk'),
  tour_recorder: () => 'new recording',
  leave: ({ tour }) => (tour === null ? 'leave' : 'end the tour'),
};

function textOf({ does, text }: Binding, model: Model): string {
  return shortTexts[does]?.(model) ?? text;
}

function holdText(model: Model): string {
  const name = meantRoute(model);
  const route = model.frame?.routes.find((each) => each.name === name);
  return `${(route?.hold ?? null) === null ? 'hold' : 'release'} ${name ?? ''}`;
}
