import type { FileJson } from '@sluice/control';
import { selectedPast } from '../history/rows.ts';
import { type HistoryRange, historyRanges, type Model } from '../model/model.ts';

/** What a key does in the list or the history; `key` as the terminal names it. */
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

const always = (): boolean => true;
const isHistory = ({ tab }: Model): boolean => tab === 'history';
const isList = (model: Model): boolean => !isHistory(model);
const isFile = (model: Model): boolean => selectedFile(model) !== null;
const isSelected = (model: Model): boolean => isFile(model) || (isHistory(model) && selectedPast(model) !== null);
const isConnected = ({ link }: Model): boolean => link.kind === 'connected';
const mayGive = (model: Model): boolean => !model.isReadOnly && isConnected(model);
const mayAct = (model: Model): boolean => mayGive(model) && (isHistory(model) ? hasLiveAttempt(model) : isLive(model));
const mayHurry = (model: Model): boolean => mayAct(model) && !isMoving(selectedFile(model));
const maySteer = (model: Model): boolean => mayGive(model) && meantRoute(model) !== null;
const mayReach = (by: number) => (model: Model) => isHistory(model) && isConnected(model) && rangeBy(model, by) !== null;
const mayBreak = ({ tour }: Model): boolean => tour?.isPlayed === true;
const isWithoutAgent = ({ link, tour }: Model): boolean => tour === null && link.kind === 'lost' && link.cause === 'not_running';

/** Every key of the list and the history, in the order in which help shows them. */
export const bindings: readonly Binding[] = [
  { keys: ['up', 'k'], label: '↑', does: 'up', text: 'up', isValid: always },
  { keys: ['down', 'j'], label: '↓', does: 'down', text: 'down', isValid: always },
  { keys: ['pageup'], label: 'PgUp', does: 'page_up', text: 'a page up', isValid: always },
  { keys: ['pagedown'], label: 'PgDn', does: 'page_down', text: 'a page down', isValid: always },
  { keys: ['home', 'g'], label: 'Home', does: 'first_row', text: 'to the first', isValid: always },
  { keys: ['end', 'G'], label: 'End', does: 'last_row', text: 'to the last', isValid: always },
  { keys: ['enter'], label: 'Enter', does: 'detail', text: 'detail', isValid: isSelected },
  { keys: ['r'], label: 'r', does: 'retry', text: 'retry', isValid: mayHurry },
  { keys: ['f'], label: 'f', does: 'first', text: 'first', isValid: mayHurry },
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
  { keys: ['left', '['], label: '←', does: 'narrower', text: 'a shorter time', isValid: mayReach(-1) },
  { keys: ['right', ']'], label: '→', does: 'wider', text: 'a longer time', isValid: mayReach(1) },
  { keys: ['e'], label: 'e', does: 'export', text: 'write it to a file', isValid: (model) => isHistory(model) && isSelected(model) },
  { keys: ['/'], label: '/', does: 'filter', text: 'filter', isValid: always },
  { keys: ['escape'], label: 'Esc', does: 'clear', text: 'clear the filter', isValid: (model) => model.filter.text !== '' },
  { keys: ['s'], label: 's', does: 'sort', text: 'sort', isValid: isList },
  { keys: ['S'], label: 'S', does: 'reverse', text: 'reverse', isValid: isList },
  { keys: ['v'], label: 'v', does: 'recovered', text: 'hide or show what was recovered', isValid: isList },
  {
    keys: ['z'],
    label: 'z',
    does: 'freeze',
    text: 'freeze or go on',
    isValid: (model) => (isHistory(model) ? model.frozen !== null : model.frame !== null),
  },
  { keys: ['y'], label: 'y', does: 'copy', text: 'copy the path', isValid: isFile },
  { keys: ['m'], label: 'm', does: 'mouse', text: 'mouse on or off', isValid: always },
  { keys: ['B'], label: 'B', does: 'tour_storage', text: 'take the storage away or give it back', isValid: mayBreak },
  {
    keys: ['W'],
    label: 'W',
    does: 'tour_disk',
    text: 'put a wrong disk in or take it out',
    isValid: (model) => mayBreak(model) && model.tour?.storage !== 'gone',
  },
  { keys: ['N'], label: 'N', does: 'tour_recorder', text: 'let another recorder write', isValid: ({ tour }) => tour !== null },
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

/** The selected file, of the list or of the history. */
export function selectedFile(model: Model): FileJson | null {
  if (!isHistory(model)) return selectedRow(model)?.file ?? null;
  const row = selectedPast(model);
  return row?.kind === 'file' ? row.file : null;
}

/** The next longer or shorter time of the history; null where there is none. */
export function rangeBy({ history }: Model, by: number): HistoryRange | null {
  return historyRanges[historyRanges.indexOf(history.range) + by] ?? null;
}

/** Of what ended, only a failed file whose newest attempt is none of those that ended can still be acted on: by that attempt. */
function hasLiveAttempt(model: Model): boolean {
  let file = selectedFile(model);
  for (let steps = 0; file !== null && steps < mostAttempts; steps += 1) {
    if (file.status !== 'FAILED' || file.recoveredBy === null) return false;
    const { recoveredBy } = file;
    const next = model.history.files.find(({ id }) => id === recoveredBy);
    if (next === undefined) return true;
    file = next;
  }
  return false;
}

const mostAttempts = 1_000;

type Status = FileJson['status'];
const over: ReadonlySet<Status> = new Set<Status>(['COMPLETED', 'COMPLETED_DELETE_FAILED', 'REMOVED']);
const moving: ReadonlySet<Status> = new Set<Status>(['COPYING', 'GROWING_COPY', 'VERIFYING']);

/** Whether an order for the selected row of the list has something to act on: of a failed file its recovery has. */
function isLive(model: Model): boolean {
  const file = selectedFile(model);
  if (file === null || over.has(file.status)) return false;
  const recovery = shownFrame(model)?.rows.rows.find(({ file: { id } }) => id === file.recoveredBy)?.file;
  return recovery === undefined || !over.has(recovery.status);
}

function isMoving(file: Pick<FileJson, 'status'> | null): boolean {
  return file !== null && moving.has(file.status);
}

/** The route whose destination is another disk than the known one: of the selected file, else the first such. */
export function strangeRoute(model: Model): string | null {
  const strange = model.frame?.routes.filter(({ gate }) => gate.cause === 'not_the_destination') ?? [];
  const own = selectedRoute(model);
  return (strange.find(({ name }) => name === own) ?? strange[0])?.name ?? null;
}

/** The route that a key on a route is meant for; null where it is none of those that there are. */
export function meantRoute(model: Model): string | null {
  const routes = model.frame?.routes ?? [];
  const own = selectedRoute(model);
  return (own === null ? routes[0] : routes.find(({ name }) => name === own))?.name ?? null;
}

function selectedRoute(model: Model): string | null {
  if (!isHistory(model)) return selectedRow(model)?.file.route ?? null;
  const row = selectedPast(model);
  if (row === null) return null;
  return row.kind === 'file' ? row.file.route : row.outage.route;
}
