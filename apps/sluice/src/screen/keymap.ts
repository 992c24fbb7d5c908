import type { Model } from './model.ts';

/** What a key does in the list; `key` as the terminal names it. */
export interface Binding {
  readonly keys: readonly string[];
  /** As it is shown. */
  readonly label: string;
  readonly does: Command;
  readonly text: string;
  /** Whether it is of use now: the footer and the help show only such. */
  readonly isValid: (model: Model) => boolean;
}

export type Command =
  | 'up'
  | 'down'
  | 'page_up'
  | 'page_down'
  | 'first_row'
  | 'last_row'
  | 'detail'
  | 'retry'
  | 'first'
  | 'skip'
  | 'hold'
  | 'adopt'
  | 'offer'
  | 'filter'
  | 'clear'
  | 'sort'
  | 'reverse'
  | 'recovered'
  | 'freeze'
  | 'copy'
  | 'mouse'
  | 'help'
  | 'leave';

const always = (): boolean => true;
const isSelected = (model: Model): boolean => selectedRow(model) !== null;
const mayAct = (model: Model): boolean => isSelected(model) && !model.isReadOnly && model.link.kind === 'connected';
const maySteer = (model: Model): boolean => model.frame !== null && !model.isReadOnly && model.link.kind === 'connected';
const isWithoutAgent = ({ link }: Model): boolean => link.kind === 'lost' && link.cause === 'not_running';

/** Every key of the list, in the order in which help shows them. */
export const bindings: readonly Binding[] = [
  { keys: ['up', 'k'], label: '↑', does: 'up', text: 'up', isValid: always },
  { keys: ['down', 'j'], label: '↓', does: 'down', text: 'down', isValid: always },
  { keys: ['pageup'], label: 'PgUp', does: 'page_up', text: 'a page up', isValid: always },
  { keys: ['pagedown'], label: 'PgDn', does: 'page_down', text: 'a page down', isValid: always },
  { keys: ['home', 'g'], label: 'Home', does: 'first_row', text: 'to the first', isValid: always },
  { keys: ['end', 'G'], label: 'End', does: 'last_row', text: 'to the last', isValid: always },
  { keys: ['enter'], label: 'Enter', does: 'detail', text: 'detail', isValid: isSelected },
  { keys: ['r'], label: 'r', does: 'retry', text: 'retry', isValid: mayAct },
  { keys: ['f'], label: 'f', does: 'first', text: 'first', isValid: mayAct },
  { keys: ['x'], label: 'x', does: 'skip', text: 'skip', isValid: mayAct },
  { keys: ['h'], label: 'h', does: 'hold', text: 'hold or release the route', isValid: maySteer },
  {
    keys: ['a'],
    label: 'a',
    does: 'adopt',
    text: 'adopt the disk that is there',
    isValid: (model) => maySteer(model) && strangeRoute(model) !== null,
  },
  { keys: ['o'], label: 'o', does: 'offer', text: 'start the agent', isValid: (model) => !model.isReadOnly && isWithoutAgent(model) },
  { keys: ['/'], label: '/', does: 'filter', text: 'filter', isValid: always },
  { keys: ['escape'], label: 'Esc', does: 'clear', text: 'clear the filter', isValid: (model) => model.filter.text !== '' },
  { keys: ['s'], label: 's', does: 'sort', text: 'sort', isValid: always },
  { keys: ['S'], label: 'S', does: 'reverse', text: 'reverse', isValid: always },
  { keys: ['v'], label: 'v', does: 'recovered', text: 'hide or show what was recovered', isValid: always },
  { keys: ['z'], label: 'z', does: 'freeze', text: 'freeze or go on', isValid: (model) => model.frame !== null },
  { keys: ['y'], label: 'y', does: 'copy', text: 'copy the path', isValid: isSelected },
  { keys: ['m'], label: 'm', does: 'mouse', text: 'mouse on or off', isValid: always },
  { keys: ['?'], label: '?', does: 'help', text: 'help', isValid: always },
  { keys: ['q', 'ctrl-c'], label: 'q', does: 'leave', text: 'leave; the agent goes on', isValid: always },
];

/** @returns null where the key does nothing now */
export function commandOf(model: Model, key: string): Command | null {
  const binding = bindings.find(({ keys }) => keys.includes(key));
  return binding?.isValid(model) === true ? binding.does : null;
}

/** The picture that is shown: the frozen one, or the newest. */
export function shownFrame(model: Model): Model['frame'] {
  return model.frozen ?? model.frame;
}

/** The row of the selected file, where it is in the window. */
export function selectedRow(model: Model) {
  return shownFrame(model)?.rows.rows.find(({ file }) => file.id === model.selected) ?? null;
}

/** The route whose destination is another disk than the known one: of the selected file, else the first such. */
export function strangeRoute(model: Model): string | null {
  const strange = model.frame?.routes.filter(({ gate }) => gate.cause === 'not_the_destination') ?? [];
  const own = selectedRow(model)?.file.route;
  return (strange.find(({ name }) => name === own) ?? strange[0])?.name ?? null;
}

/** The route that a key on a route is meant for. */
export function meantRoute(model: Model): string | null {
  return selectedRow(model)?.file.route ?? model.frame?.routes[0]?.name ?? null;
}
