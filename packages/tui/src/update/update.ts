import type { LogNote } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import { exportLines } from '../export/export-lines.ts';
import { applyHistory, askHistory, followHistory, scrollPast } from '../history/selection.ts';
import { confirm, editFilter, noted, watching } from '../keys/actions.ts';
import { pressed } from '../keys/bindings.ts';
import { limits } from '../limits.ts';
import { logAskedAgain, ofLiveNote, ofLogPage } from '../log/log.ts';
import type { Intent, Message, Model, Tab, Updated } from '../model/model.ts';
import { editedBy, inserted } from '../model/typed-line.ts';
import { ofLink, ofStarter } from '../no-agent/offer.ts';
import { ofSetUp, pasteInto } from '../no-agent/set-up.ts';
import { ofSafe, pasteFolder } from '../safe/safe.ts';
import { chooseTab, moveBy, ofFrame, restAtTop } from '../selection/moving.ts';
import { ofSettings, settingsAskedAgain } from '../settings/settings.ts';
import { updateDialog } from './dialogs.ts';

const tabKeys: Readonly<Record<string, Tab>> = { '1': 'all', '2': 'active', '3': 'waiting', '4': 'needs_you', '5': 'done', '6': 'history' };

/** Applies a message to a model. Pure. */
export function update(model: Model, message: Message): Updated {
  switch (message.kind) {
    case 'key':
      return onKey({ ...model, touchedAt: model.now }, message.key);
    case 'paste':
      return onPaste(model, firstLine(message.text));
    case 'click':
      return { model, intents: [] };
    case 'wheel':
      if (model.dialogs.length > 0) return updateDialog(model, message);
      return model.tab === 'history' ? { model: scrollPast(model, message.by), intents: [] } : moveBy(model, message.by);
    case 'resize':
      return watching({ ...model, size: { columns: message.columns, rows: message.rows } });
    case 'tick':
      return onTick({ ...model, now: message.now, notice: stillShown(model, message.now) });
    case 'frame':
      return { model: ofFrame(model, message.frame), intents: [] };
    case 'log':
      return ofLiveNote({ ...model, log: withNote(model.log, message.note) }, message.note);
    case 'log_page':
    case 'no_log_page':
      return ofLogPage(model, message);
    case 'settings':
      return { model: ofSettings(model, message), intents: [] };
    case 'safe_progress':
    case 'safe':
      return { model: ofSafe(model, message), intents: [] };
    case 'logged':
      return { model: { ...model, log: withLogged(model.log, message.notes) }, intents: [] };
    case 'link':
      return askedAgain(ofLink(model, message.link));
    case 'shown':
    case 'evidence':
      return updateDialog(model, message);
    case 'history':
      return { model: applyHistory(model, message), intents: [] };
    case 'no_history':
      return { model: noted(applyHistory(model, message), `cannot show the history: ${message.why}`, true), intents: [] };
    case 'path_found':
      return confirm(model, { do: 'export', past: message.past, path: message.path }, exportLines(message.past, message.path));
    case 'exported':
      return { model: exported(model, `wrote ${message.count} to ${message.path}`), intents: [] };
    case 'tour':
      return { model: { ...model, tour: message.tour }, intents: [] };
    case 'done':
      return { model: noted(model, message.text, message.isBad), intents: storyAgain(model) };
    case 'offer':
    case 'agent_started':
    case 'config_written':
      return ofStarter(model, message);
    case 'folder':
    case 'config_refused':
      return ofSetUp(model, message);
    default:
      return unreachable(message);
  }
}

/** When the agent answers again, the screen requests again what it shows and what was not answered. */
function askedAgain({ model, intents }: Updated): Updated {
  if (model.link.kind !== 'connected') return { model, intents };
  const asked = model.tab === 'history' ? askHistory(model, model.history.range) : { model, intents: [] };
  const open = model.dialogs.at(-1);
  const unanswered: readonly Intent[] = open?.kind === 'detail' && open.files === null ? [{ do: 'show', id: open.id }] : [];
  const log = logAskedAgain(asked.model);
  return { model: log.model, intents: [...intents, ...asked.intents, ...unanswered, ...log.intents, ...settingsAskedAgain(log.model)] };
}

function onTick(model: Model): Updated {
  const rested = restAtTop(model);
  const followed = followHistory(rested.model);
  return { model: followed.model, intents: [...rested.intents, ...followed.intents] };
}

/** An action may have changed the file whose detail is open. */
function storyAgain({ dialogs, link }: Model): readonly Intent[] {
  const open = dialogs.at(-1);
  return open?.kind === 'detail' && link.kind === 'connected' ? [{ do: 'show', id: open.id }] : [];
}

function onKey(model: Model, key: string): Updated {
  if (key === 'ctrl-c') return { model, intents: [{ do: 'leave' }] };
  if (model.dialogs.length > 0) return updateDialog(model, { kind: 'key', key });
  if (model.filter.isEditing) return onFilterKey(model, key);
  const tab = tabKeys[key];
  if (tab !== undefined) return chooseTab(model, tab);
  return pressed(model, key);
}

function onPaste(model: Model, text: string): Updated {
  const dialog = model.dialogs.at(-1);
  if (dialog?.kind === 'set_up') return pasteInto(model, dialog.setUp, text);
  if (dialog?.kind === 'ask_safe') return pasteFolder(model, dialog, text);
  return dialog === undefined && model.filter.isEditing ? editFilter(model, inserted(model.filter, text)) : { model, intents: [] };
}

/** To find a file, a person needs its whole path. If the line is too short for it, a dialog shows it. */
function exported(model: Model, text: string): Model {
  const next = noted(model, text, false);
  const hasRoom = text.length < model.size.columns - 1;
  return hasRoom ? next : { ...next, dialogs: [...model.dialogs, { kind: 'message', lines: [text] }] };
}

function onFilterKey(model: Model, key: string): Updated {
  const { text } = model.filter;
  if (key === 'enter') return { model: { ...model, filter: { text, isEditing: false } }, intents: [] };
  if (key === 'escape') return editFilter({ ...model, filter: { text, isEditing: false } }, { text: '' });
  const edited = editedBy(key, model.filter);
  return edited === null ? { model, intents: [] } : editFilter(model, edited);
}

function stillShown({ notice }: Model, now: number): Model['notice'] {
  return notice === null || notice.untilAt <= now ? null : notice;
}

function firstLine(text: string): string {
  return text.split(/[\r\n]/, 1)[0] ?? '';
}

/** Adds a new line of the log. */
export function withNote(notes: readonly LogNote[], note: LogNote): readonly LogNote[] {
  return [...notes, note].slice(-limits.notes);
}

/** Adds earlier lines of the log, oldest first. A line that is in both is kept once, and all are ordered by their time. */
export function withLogged(notes: readonly LogNote[], logged: readonly LogNote[]): readonly LogNote[] {
  const known = new Set(notes.map(keyOf));
  const fresh = logged.filter((note) => !known.has(keyOf(note)));
  if (fresh.length === 0) return notes;
  return [...fresh, ...notes].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-limits.notes);
}

function keyOf({ at, route, text }: LogNote): string {
  return JSON.stringify([at, route, text]);
}
