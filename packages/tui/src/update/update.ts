import { screenSorts } from '@sluice/lists';
import { exportLines } from '../export/export-lines.ts';
import { askHistory, followHistory, ofHistory, scrollPast, takeHistory } from '../history/selection.ts';
import { type Command, commandOf, meantRoute, selectedFile, strangeRoute } from '../keys/keymap.ts';
import { historyRows, listRows } from '../model/layout.ts';
import { withLogged, withNote } from '../model/log-notes.ts';
import type { Intent, Message, Model, Tab } from '../model/model.ts';
import { isCharacter, joinedPath, withoutLast } from '../model/typed.ts';
import { ofLink, ofStarter } from '../offer/offer.ts';
import { ofSetUp, pasteInto } from '../offer/set-up.ts';
import { updateDialog } from './dialogs.ts';
import { askExport, chooseRange, openOutage } from './history-commands.ts';
import { chooseTab, moveBy, moveTo, ofFrame } from './selection.ts';

export interface Updated {
  readonly model: Model;
  readonly intents: readonly Intent[];
}

const noticeMs = 8_000;
const tabKeys: Readonly<Record<string, Tab>> = { '1': 'all', '2': 'active', '3': 'waiting', '4': 'needs_you', '5': 'done', '6': 'history' };

/** What a message makes of a model, and what is to be done outside. Pure. */
export function update(model: Model, message: Message): Updated {
  switch (message.kind) {
    case 'key':
      return onKey(model, message.key);
    case 'paste':
      return onPaste(model, firstLine(message.text));
    case 'click':
      return { model, intents: [] };
    case 'wheel':
      if (model.dialogs.length > 0) return updateDialog(model, message);
      return model.tab === 'history' ? { model: scrollPast(model, message.by), intents: [] } : moveBy(model, message.by);
    case 'resize':
      return looking({ ...model, size: { columns: message.columns, rows: message.rows } });
    case 'tick':
      return followHistory({ ...model, now: message.now, notice: stillShown(model, message.now) });
    case 'frame':
      return { model: ofFrame(model, message.frame), intents: [] };
    case 'log':
      return { model: { ...model, log: withNote(model.log, message.note) }, intents: [] };
    case 'logged':
      return { model: { ...model, log: withLogged(model.log, message.notes) }, intents: [] };
    case 'link':
      return askedAgain(ofLink(model, message.link));
    case 'shown':
    case 'evidence':
      return updateDialog(model, message);
    case 'history':
      return { model: takeHistory(model, message), intents: [] };
    case 'no_history':
      return { model: noted(takeHistory(model, message), `cannot show the history: ${message.why}`, true), intents: [] };
    case 'placed':
      return confirm(model, { do: 'export', past: message.past, path: message.path }, exportLines(message.past, message.path));
    case 'exported':
      return { model: exported(model, `written: ${message.count} in ${message.path}`), intents: [] };
    case 'tour':
      return { model: { ...model, tour: message.tour }, intents: [] };
    case 'done':
      return { model: noted(model, message.text, message.isBad), intents: [] };
    case 'offer':
    case 'agent_started':
    case 'config_written':
      return ofStarter(model, message);
    case 'folder':
    case 'config_refused':
      return ofSetUp(model, message);
  }
}

/** Whoever answers again is asked again for what is shown, and for what was not answered. */
function askedAgain({ model, intents }: Updated): Updated {
  if (model.link.kind !== 'connected') return { model, intents };
  const asked = model.tab === 'history' ? askHistory(model, model.history.range) : { model, intents: [] };
  const open = model.dialogs.at(-1);
  const unanswered: readonly Intent[] = open?.kind === 'detail' && open.files === null ? [{ do: 'show', id: open.id }] : [];
  return { model: asked.model, intents: [...intents, ...asked.intents, ...unanswered] };
}

function onKey(model: Model, key: string): Updated {
  if (key === 'ctrl-c') return { model, intents: [{ do: 'leave' }] };
  if (model.dialogs.length > 0) return updateDialog(model, { kind: 'key', key });
  if (model.filter.isEditing) return onFilterKey(model, key);
  const tab = tabKeys[key];
  if (tab !== undefined) return chooseTab(model, tab);
  const command = commandOf(model, key);
  return command === null ? { model: silenced(model, key), intents: [] } : run(model, command);
}

/** Keys that give orders, where there is something to give one for. */
const ordering: ReadonlySet<string> = new Set(['r', 'f', 'x', 'h']);

/** An order that cannot be given says why. */
function silenced(model: Model, key: string): Model {
  if (!ordering.has(key)) return model;
  if (model.isReadOnly) return noted(model, 'this screen only shows (--read-only)', true);
  if (model.link.kind !== 'connected') return noted(model, 'there is no agent just now to give orders to', true);
  return selectedFile(model) === null ? model : noted(model, 'nothing of that is left to be done for this file', true);
}

function onPaste(model: Model, text: string): Updated {
  const dialog = model.dialogs.at(-1);
  if (dialog?.kind === 'set_up') return pasteInto(model, dialog.setUp, text);
  return dialog === undefined && model.filter.isEditing ? editFilter(model, model.filter.text + text) : { model, intents: [] };
}

function run(model: Model, command: Command): Updated {
  const page = model.tab === 'history' ? historyRows(model.size) : listRows(model.size);
  switch (command) {
    case 'up':
      return moveBy(model, -1);
    case 'down':
      return moveBy(model, 1);
    case 'page_up':
      return moveBy(model, -page);
    case 'page_down':
      return moveBy(model, page);
    case 'first_row':
      return moveTo(model, 0);
    case 'last_row':
      return moveTo(model, Number.POSITIVE_INFINITY);
    case 'detail':
      return openDetail(model);
    case 'retry':
    case 'first':
      return act(model, command);
    case 'skip':
      return askSkip(model);
    case 'hold':
      return askHold(model);
    case 'adopt':
      return { model, intents: [{ do: 'evidence', route: strangeRoute(model) ?? '' }] };
    case 'offer':
      return { model, intents: [{ do: 'offer' }] };
    case 'narrower':
      return chooseRange(model, -1);
    case 'wider':
      return chooseRange(model, 1);
    case 'export':
      return askExport(model);
    case 'filter':
      return { model: { ...model, filter: { ...model.filter, isEditing: true } }, intents: [] };
    case 'clear':
      return editFilter(model, '');
    case 'sort':
      return looking({ ...model, sort: after(screenSorts, model.sort), top: 0 });
    case 'reverse':
      return looking({ ...model, isReversed: !model.isReversed, top: 0 });
    case 'recovered':
      return looking({ ...model, hideRecovered: !model.hideRecovered });
    case 'freeze':
      return { model: { ...model, frozen: model.frozen === null ? model.frame : null }, intents: [] };
    case 'copy':
      return copy(model);
    case 'mouse':
      return { model: { ...model, hasMouse: !model.hasMouse }, intents: [{ do: 'mouse', isOn: !model.hasMouse }] };
    case 'tour_storage':
      return { model, intents: [{ do: 'tour', action: 'storage' }] };
    case 'tour_disk':
      return { model, intents: [{ do: 'tour', action: 'disk' }] };
    case 'tour_recorder':
      return { model, intents: [{ do: 'tour', action: 'recorder' }] };
    case 'help':
      return { model: { ...model, dialogs: [...model.dialogs, { kind: 'help', scroll: 0 }] }, intents: [] };
    case 'leave':
      return { model, intents: [{ do: 'leave' }] };
  }
}

function openDetail(model: Model): Updated {
  const file = selectedFile(model);
  if (file === null) return openOutage(model);
  const { id } = file;
  return { model: { ...model, dialogs: [{ kind: 'detail', id, files: null, scroll: 0 }] }, intents: [{ do: 'show', id }] };
}

/** As it is shown: what is in the history is known by where it came to. */
/** Pasted into a shell, a name with a line break in it is a command. */
const acting = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function copy(model: Model): Updated {
  const path = pathOf(model);
  if (acting.test(path)) return { model: noted(model, 'not copied: its name holds characters that a terminal acts on', true), intents: [] };
  return { model, intents: [{ do: 'copy', text: path }] };
}

/** Absolute, where its route is known: of what ended where it lies now, else where it comes from. */
function pathOf(model: Model): string {
  const file = selectedFile(model);
  if (file === null) return '';
  const side = model.tab === 'history' ? 'destination' : 'source';
  const route = model.frame?.routes.find(({ name }) => name === file.route);
  return route?.[side] === undefined ? file[side] : joinedPath(route[side], file[side]);
}

function act(model: Model, action: 'retry' | 'first'): Updated {
  const file = selectedFile(model);
  if (file === null) return { model, intents: [] };
  return { model, intents: [{ do: 'act', action, id: file.id, name: file.source }] };
}

function askSkip(model: Model): Updated {
  const file = selectedFile(model);
  if (file === null) return { model, intents: [] };
  const { id, source } = file;
  const lines = [`Skip ${source}?`, 'It is not carried until it is retried; a running copy of it ends.'];
  return confirm(model, { do: 'act', action: 'skip', id, name: source }, lines);
}

function askHold(model: Model): Updated {
  const name = meantRoute(model);
  const route = model.frame?.routes.find((each) => each.name === name);
  if (route === undefined) return { model, intents: [] };
  if (route.hold !== null)
    return confirm(model, { do: 'release', route: route.name }, [`Release ${route.name}?`, 'Its files are carried again.']);
  return confirm(model, { do: 'hold', route: route.name }, [
    `Hold ${route.name}?`,
    'No new copies begin; running ones finish. Kept over restarts.',
  ]);
}

function confirm(model: Model, intent: Intent, lines: readonly string[]): Updated {
  return { model: { ...model, dialogs: [...model.dialogs, { kind: 'confirm', intent, lines, wanted: null, typed: '' }] }, intents: [] };
}

/** Whoever is to find the file needs all of its path, also where a line is too short for it. */
function exported(model: Model, text: string): Model {
  const told = noted(model, text, false);
  const hasRoom = text.length < model.size.columns - 1;
  return hasRoom ? told : { ...told, dialogs: [...model.dialogs, { kind: 'message', lines: [text] }] };
}

function onFilterKey(model: Model, key: string): Updated {
  const { text } = model.filter;
  if (key === 'enter') return { model: { ...model, filter: { text, isEditing: false } }, intents: [] };
  if (key === 'escape') return editFilter({ ...model, filter: { text, isEditing: false } }, '');
  if (key === 'backspace') return editFilter(model, withoutLast(text));
  return isCharacter(key) ? editFilter(model, text + key) : { model, intents: [] };
}

function editFilter(model: Model, text: string): Updated {
  return looking(ofHistory({ ...model, filter: { ...model.filter, text: text.slice(0, 200) }, top: 0 }, model));
}

function looking(model: Model): Updated {
  return { model, intents: [{ do: 'look' }] };
}

function noted(model: Model, text: string, isBad: boolean): Model {
  return { ...model, notice: { text, isBad, untilAt: model.now + noticeMs } };
}

function stillShown({ notice }: Model, now: number): Model['notice'] {
  return notice === null || notice.untilAt <= now ? null : notice;
}

function firstLine(text: string): string {
  return text.split(/[\r\n]/, 1)[0] ?? '';
}

function after<Of>(all: readonly Of[], one: Of): Of {
  return all[(all.indexOf(one) + 1) % all.length] ?? one;
}
