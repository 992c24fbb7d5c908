import type { Model, Updated } from '../model/model.ts';
import type { Theme } from '../picture/picture.ts';
import { moveBy, moveTo, moveToTop } from '../selection/moving.ts';
import { isDetail, meantRoute, rangeBy, strangeRoute } from '../selection/selected.ts';
import {
  act,
  askExport,
  askHold,
  askSkip,
  chooseRange,
  copyPath,
  editFilter,
  intend,
  movePage,
  nextSort,
  noted,
  openDetail,
  watching,
} from './actions.ts';
import {
  always,
  isFile,
  isHistory,
  isList,
  isSelected,
  isWithoutAgent,
  mayAct,
  mayBreak,
  mayHurry,
  mayReach,
  maySteer,
  whyNoOrder,
} from './valid.ts';

/** A key in the list or the history. Dialogs have other keys. */
interface Binding {
  /** The names of the keys, as the terminal reports them. */
  readonly keys: readonly string[];
  /** The label that is shown. */
  readonly label: string;
  readonly does: Command;
  /** What it does now, for the footer and the help. */
  readonly text: string | ((model: Model) => string);
  /** Whether it is useful now. The footer and the help show only such keys. */
  readonly isValid: (model: Model) => boolean;
  /** Why it does nothing now. Null: that needs no explanation. */
  readonly whyNot?: (model: Model) => string | null;
  readonly run: (model: Model) => Updated;
  readonly footer?: FooterPosition;
  /** In the detail of a file it does the same for that file. */
  readonly inDetail?: true;
}

/** The place of a key in the footer. */
interface FooterPosition {
  /** Position from the left. */
  readonly position: number;
  /** If there is no room for all, those with the lowest ranks stay. */
  readonly rank: number;
}

type Command =
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
  | 'narrower'
  | 'wider'
  | 'export'
  | 'filter'
  | 'clear'
  | 'sort'
  | 'reverse'
  | 'recovered'
  | 'freeze'
  | 'copy'
  | 'mouse'
  | 'tour_storage'
  | 'tour_disk'
  | 'tour_recorder'
  | 'help'
  | 'leave';

/** Every key of the list and the history, in the order in which the help shows them. */
export const bindings: readonly Binding[] = [
  { keys: ['up', 'k'], label: '↑', does: 'up', text: 'up', isValid: always, run: (model) => moveBy(model, -1) },
  { keys: ['down', 'j'], label: '↓', does: 'down', text: 'down', isValid: always, run: (model) => moveBy(model, 1) },
  { keys: ['pageup'], label: 'PgUp', does: 'page_up', text: 'a page up', isValid: always, run: (model) => movePage(model, -1) },
  { keys: ['pagedown'], label: 'PgDn', does: 'page_down', text: 'a page down', isValid: always, run: (model) => movePage(model, 1) },
  { keys: ['home', 'g'], label: 'Home', does: 'first_row', text: 'to the first', isValid: always, run: moveToTop },
  {
    keys: ['end', 'G'],
    label: 'End',
    does: 'last_row',
    text: 'to the last',
    isValid: always,
    run: (model) => moveTo(model, Number.POSITIVE_INFINITY),
  },
  {
    keys: ['enter'],
    label: 'Enter',
    does: 'detail',
    text: 'detail',
    isValid: isSelected,
    run: openDetail,
    footer: { position: 1, rank: 8 },
  },
  {
    keys: ['r'],
    label: 'r',
    does: 'retry',
    inDetail: true,
    text: 'retry',
    isValid: mayHurry,
    whyNot: whyNoOrder,
    run: (model) => act(model, 'retry'),
    footer: { position: 4, rank: 12 },
  },
  {
    keys: ['f'],
    label: 'f',
    does: 'first',
    inDetail: true,
    text: 'first',
    isValid: mayHurry,
    whyNot: whyNoOrder,
    run: (model) => act(model, 'first'),
    footer: { position: 5, rank: 13 },
  },
  {
    keys: ['x'],
    label: 'x',
    does: 'skip',
    inDetail: true,
    text: 'skip',
    isValid: mayAct,
    whyNot: whyNoOrder,
    run: askSkip,
    footer: { position: 6, rank: 16 },
  },
  {
    keys: ['h'],
    label: 'h',
    does: 'hold',
    inDetail: true,
    text: holdText,
    isValid: maySteer,
    whyNot: whyNoOrder,
    run: askHold,
    footer: { position: 7, rank: 14 },
  },
  {
    keys: ['a'],
    label: 'a',
    does: 'adopt',
    inDetail: true,
    text: 'adopt',
    isValid: (model) => maySteer(model) && strangeRoute(model) !== null,
    // Collecting the evidence may take long on slow storage.
    run: (model) =>
      intend(noted(model, 'examining what is at the destination', false), { do: 'evidence', route: strangeRoute(model) ?? '' }),
    footer: { position: 2, rank: 2 },
  },
  {
    keys: ['o'],
    label: 'o',
    does: 'offer',
    text: ({ frame }) => (frame === null ? 'start or set up an agent' : 'start the agent'),
    isValid: (model) => !model.isReadOnly && isWithoutAgent(model),
    run: (model) => intend(model, { do: 'offer' }),
    footer: { position: 3, rank: 3 },
  },
  {
    keys: ['left', '['],
    label: '←',
    does: 'narrower',
    text: (model) => rangeBy(model, -1) ?? '',
    isValid: mayReach(-1),
    run: (model) => chooseRange(model, -1),
    footer: { position: 8, rank: 10 },
  },
  {
    keys: ['right', ']'],
    label: '→',
    does: 'wider',
    text: (model) => rangeBy(model, 1) ?? '',
    isValid: mayReach(1),
    run: (model) => chooseRange(model, 1),
    footer: { position: 9, rank: 9 },
  },
  {
    keys: ['e'],
    label: 'e',
    does: 'export',
    text: 'export',
    isValid: (model) => !model.isReadOnly && isHistory(model) && isSelected(model),
    whyNot: (model) => (model.isReadOnly && isHistory(model) ? whyNoOrder(model) : null),
    run: askExport,
    footer: { position: 10, rank: 11 },
  },
  {
    keys: ['/'],
    label: '/',
    does: 'filter',
    text: 'filter',
    isValid: always,
    run: (model) => ({ model: { ...model, filter: { ...model.filter, isEditing: true } }, intents: [] }),
    footer: { position: 12, rank: 15 },
  },
  {
    keys: ['escape'],
    label: 'Esc',
    does: 'clear',
    text: 'clear',
    isValid: (model) => model.filter.text !== '',
    run: (model) => editFilter(model, { text: '' }),
    footer: { position: 11, rank: 4 },
  },
  { keys: ['s'], label: 's', does: 'sort', text: 'sort', isValid: isList, run: nextSort, footer: { position: 17, rank: 17 } },
  {
    keys: ['S'],
    label: 'S',
    does: 'reverse',
    text: 'reverse',
    isValid: isList,
    run: (model) => watching({ ...model, isReversed: !model.isReversed, top: 0 }),
    footer: { position: 18, rank: 21 },
  },
  {
    keys: ['v'],
    label: 'v',
    does: 'recovered',
    text: ({ hideRecovered }) => (hideRecovered ? 'show recovered' : 'hide recovered'),
    isValid: isList,
    run: (model) => watching({ ...model, hideRecovered: !model.hideRecovered }),
    footer: { position: 19, rank: 20 },
  },
  {
    keys: ['z'],
    label: 'z',
    does: 'freeze',
    text: ({ frozen }) => (frozen === null ? 'freeze' : 'continue'),
    isValid: (model) => (isHistory(model) ? model.frozen !== null : model.frame !== null),
    run: (model) => ({ model: { ...model, frozen: model.frozen === null ? model.frame : null }, intents: [] }),
    footer: { position: 13, rank: 18 },
  },
  {
    keys: ['y'],
    label: 'y',
    does: 'copy',
    inDetail: true,
    text: 'copy path',
    isValid: isFile,
    run: copyPath,
    footer: { position: 20, rank: 19 },
  },
  {
    keys: ['m'],
    label: 'm',
    does: 'mouse',
    text: ({ hasMouse }) => (hasMouse ? 'mouse off' : 'mouse on'),
    isValid: always,
    run: (model) => intend({ ...model, hasMouse: !model.hasMouse }, { do: 'mouse', isOn: !model.hasMouse }),
    footer: { position: 21, rank: 22 },
  },
  {
    keys: ['B'],
    label: 'B',
    does: 'tour_storage',
    text: ({ tour }) => (tour?.storage === 'gone' ? 'storage back' : 'break storage'),
    isValid: mayBreak,
    run: (model) => intend(model, { do: 'tour', action: 'storage' }),
    footer: { position: 14, rank: 5 },
  },
  {
    keys: ['W'],
    label: 'W',
    does: 'tour_disk',
    text: ({ tour }) => (tour?.storage === 'wrong' ? 'right disk' : 'wrong disk'),
    isValid: (model) => mayBreak(model) && model.tour?.storage !== 'gone',
    run: (model) => intend(model, { do: 'tour', action: 'disk' }),
    footer: { position: 15, rank: 6 },
  },
  {
    keys: ['N'],
    label: 'N',
    does: 'tour_recorder',
    text: 'new recording',
    isValid: ({ tour }) => tour !== null,
    run: (model) => intend(model, { do: 'tour', action: 'recorder' }),
    footer: { position: 16, rank: 7 },
  },
  {
    keys: ['?'],
    label: '?',
    does: 'help',
    inDetail: true,
    text: 'help',
    isValid: always,
    run: (model) => ({ model: { ...model, dialogs: [...model.dialogs, { kind: 'help', scroll: 0 }] }, intents: [] }),
    footer: { position: 22, rank: 1 },
  },
  {
    keys: ['q', 'ctrl-c'],
    label: 'q',
    does: 'leave',
    text: ({ tour }) => (tour === null ? 'leave' : 'end the tour'),
    isValid: always,
    run: (model) => intend(model, { do: 'leave' }),
  },
];

/** @returns undefined for a key without a meaning */
export function bindingOf(key: string): Binding | undefined {
  return bindings.find(({ keys }) => keys.includes(key));
}

/** Handles a key in the list, the history or a detail. An action that is not possible says why. */
export function pressed(model: Model, key: string): Updated {
  const binding = bindingOf(key);
  if (binding === undefined || !isHere(model, binding)) return { model, intents: [] };
  if (binding.isValid(model)) return binding.run(model);
  const why = binding.whyNot?.(model) ?? null;
  return { model: why === null ? model : noted(model, why, true), intents: [] };
}

function isHere(model: Model, { inDetail }: Binding): boolean {
  return inDetail === true || !isDetail(model);
}

/** @returns null if the key does nothing now */
export function commandOf(model: Model, key: string): Command | null {
  const binding = bindingOf(key);
  return binding?.isValid(model) === true ? binding.does : null;
}

function holdText(model: Model): string {
  const name = meantRoute(model);
  const route = model.frame?.routes.find((each) => each.name === name);
  return `${(route?.hold ?? null) === null ? 'hold' : 'release'} ${name ?? ''}`;
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
  return bindings
    .filter((binding) => isHere(model, binding) && binding.isValid(model))
    .map(({ label, text, does, footer }) => ({
      label: theme.unicode ? label : (asciiLabels[label] ?? label),
      text: typeof text === 'string' ? text : text(model),
      does,
      footer,
    }));
}

const asciiLabels: Readonly<Record<string, string>> = { '↑': 'Up', '↓': 'Down', '←': 'Left', '→': 'Right' };
