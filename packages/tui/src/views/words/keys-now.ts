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

/** Where the key would do one of two things, it says which. */
function textOf({ does, text }: Binding, model: Model): string {
  switch (does) {
    case 'hold':
      return holdText(model);
    case 'freeze':
      return model.frozen === null ? 'freeze' : 'go on';
    case 'recovered':
      return model.hideRecovered ? 'show recovered' : 'hide recovered';
    case 'mouse':
      return model.hasMouse ? 'mouse off' : 'mouse on';
    case 'narrower':
      return rangeBy(model, -1) ?? text;
    case 'wider':
      return rangeBy(model, 1) ?? text;
    case 'export':
      return 'export';
    case 'adopt':
      return 'adopt';
    case 'clear':
      return 'clear';
    case 'copy':
      return 'copy path';
    case 'tour_storage':
      return model.tour?.storage === 'gone' ? 'storage back' : 'break storage';
    case 'tour_disk':
      return model.tour?.storage === 'wrong' ? 'right disk' : 'wrong disk';
    case 'tour_recorder':
      return 'new recording';
    case 'leave':
      return model.tour === null ? 'leave' : 'end the tour';
    default:
      return text;
  }
}

function holdText(model: Model): string {
  const name = meantRoute(model);
  const route = model.frame?.routes.find((each) => each.name === name);
  return `${(route?.hold ?? null) === null ? 'hold' : 'release'} ${name ?? ''}`;
}
