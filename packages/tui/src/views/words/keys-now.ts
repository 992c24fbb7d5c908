import { type Binding, bindings, type Command } from '../../keys/bindings.ts';
import type { Model } from '../../model/model.ts';
import type { Look } from '../../picture/picture.ts';

/** A key that does something now, and what, in few words. */
export interface KeyNow {
  readonly label: string;
  readonly text: string;
  readonly does: Command;
  readonly footer: Binding['footer'];
}

export function keysNow(model: Model, look: Look): readonly KeyNow[] {
  return bindings
    .filter((binding) => binding.isValid(model))
    .map(({ label, text, does, footer }) => ({
      label: look.unicode ? label : (asciiLabels[label] ?? label),
      text: typeof text === 'string' ? text : text(model),
      does,
      footer,
    }));
}

const asciiLabels: Readonly<Record<string, string>> = { '↑': 'Up', '↓': 'Down', '←': 'Left', '→': 'Right' };
