import type { LogNote } from '@sluice/control';
import type { LogDialog } from '../model/dialogs.ts';
import type { Dialog, Message, Model, Updated } from '../model/model.ts';
import { shownFrame } from '../model/shown.ts';
import { askedNewest, askedOldest, neededPage, newestLog, withLive, withoutPage, withPage } from './page.ts';
import { type LogRoom, visibleLog } from './visible.ts';

/** Opens the log at its newest line. */
export function openLog(model: Model): Updated {
  const log = newestLog();
  return { model: { ...model, dialogs: [...model.dialogs, log] }, intents: intentsOf(log) };
}

/** Returns the log that is open, even under the help, or null. */
export function openedLog({ dialogs }: Pick<Model, 'dialogs'>): LogDialog | null {
  return dialogs.findLast((dialog) => dialog.kind === 'log') ?? null;
}

/** Applies a page that arrived or was refused, and requests the next one if it is needed. */
export function ofLogPage(model: Model, message: Extract<Message, { kind: 'log_page' | 'no_log_page' }>): Updated {
  return changed(model, (log) =>
    message.kind === 'log_page' ? withPage(log, message, model.log) : withoutPage(log, message.page, message.why),
  );
}

/** Adds a line that was just reported. */
export function ofLiveNote(model: Model, note: LogNote): Updated {
  return changed(model, (log) => withLive(log, note));
}

/** Called on a new connection. Requests the page that was not answered, or the lines of the meantime. */
export function logAskedAgain(model: Model): Updated {
  const log = openedLog(model);
  if (log === null) return { model, intents: [] };
  if (log.asked !== null) return { model, intents: intentsOf(log) };
  // Lines of the meantime were not reported to this client.
  return changed(model, (each) => ({ ...each, trouble: null, newer: each.newer ?? each.notes.at(-1)?.seq ?? null }));
}

/** Scrolls by lines. */
export function scrollLog(model: Model, by: number): Updated {
  return changed(model, (log) => ({ ...log, trouble: null, last: log.last + by }));
}

/** Scrolls by the visible lines. @param by 1 or -1 */
export function scrollLogPage(model: Model, by: number): Updated {
  const log = openedLog(model);
  if (log === null) return { model, intents: [] };
  const { first, last } = visibleLog(log.notes, log.last, pageRoom(model), anyTheme);
  return scrollLog(model, by * Math.max(1, last - first));
}

/** Shows the oldest lines. */
export function logToOldest(model: Model): Updated {
  return changed(model, (log) => (log.older === null ? { ...log, last: 0 } : askedOldest(log)));
}

/** Shows the newest lines. */
export function logToNewest(model: Model): Updated {
  return changed(model, (log) => (log.newer === null && log.notes.length > 0 ? { ...log, last: log.notes.length - 1 } : askedNewest(log)));
}

/** Returns whether lines of several routes are shown, so that each names its own. */
export function hasManyRoutes(model: Model): boolean {
  return (shownFrame(model)?.routes.length ?? 0) > 1;
}

/** A theme for measuring: the features of a terminal hardly change how text wraps. */
const anyTheme = { colours: 0, unicode: true, light: false } as const;

/** Rows of the screen that scrolling by a page excludes, so that no line is skipped. */
const notOfPage = 7;

function pageRoom(model: Model): LogRoom {
  const { columns, rows } = model.size;
  return { columns, height: Math.max(1, rows - notOfPage), isMany: hasManyRoutes(model) };
}

/** Changes the open log, keeps its last visible line within the loaded ones, and requests the page that is then needed. */
function changed(model: Model, change: (log: LogDialog) => LogDialog): Updated {
  const log = openedLog(model);
  if (log === null) return { model, intents: [] };
  const next = change(log);
  if (next === log) return { model, intents: [] };
  const within = { ...next, last: Math.min(Math.max(0, next.last), next.notes.length - 1) };
  const page = model.link.kind === 'connected' ? neededPage(within, model.size.rows) : null;
  const asked = page === null ? within : { ...within, asked: page };
  const isNew = asked.asked !== null && asked.asked !== log.asked;
  const dialogs = model.dialogs.map((dialog): Dialog => (dialog === log ? asked : dialog));
  return { model: { ...model, dialogs }, intents: isNew ? intentsOf(asked) : [] };
}

function intentsOf({ asked }: LogDialog): Updated['intents'] {
  return asked === null ? [] : [{ do: 'log', page: asked }];
}
