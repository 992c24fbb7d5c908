import type { EvidenceJson } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import { evidenceTexts } from '@sluice/words';
import { pressed } from '../keys/bindings.ts';
import { limits } from '../limits.ts';
import { scrollLog } from '../log/log.ts';
import type { Dialog, Message, Model, Updated } from '../model/model.ts';
import { editedBy } from '../model/typed-line.ts';
import { onOfferKey } from '../no-agent/offer.ts';
import { onSetUpKey } from '../no-agent/set-up.ts';
import { onAskSafeKey } from '../safe/safe.ts';

type DialogMessage = Extract<Message, { kind: 'key' | 'wheel' | 'shown' | 'evidence' }>;

/** Handles a message to the dialog on top, or opens one. */
export function updateDialog(model: Model, message: DialogMessage): Updated {
  switch (message.kind) {
    case 'shown':
      return { model: { ...model, dialogs: model.dialogs.map((dialog) => shown(dialog, message)) }, intents: [] };
    case 'evidence':
      return { model: { ...model, dialogs: [...model.dialogs, asking(message.evidence)] }, intents: [] };
    case 'key':
      return onKey(model, message.key);
    case 'wheel':
      return onWheel(model, message.by);
    default:
      return unreachable(message);
  }
}

function shown(dialog: Dialog, { id, files }: Extract<Message, { kind: 'shown' }>): Dialog {
  return dialog.kind === 'detail' && dialog.id === id ? { ...dialog, files } : dialog;
}

/** A yes is too easy for this, so the route's name has to be typed. */
function asking(evidence: EvidenceJson): Dialog {
  const { route } = evidence;
  const [lines = [], ...shorter] = evidenceTexts(evidence);
  return { kind: 'confirm', intent: { do: 'adopt', route }, lines, shorter, expected: route, typed: '' };
}

function onKey(model: Model, key: string): Updated {
  const dialog = model.dialogs.at(-1);
  if (dialog === undefined) return { model, intents: [] };
  switch (dialog.kind) {
    case 'detail':
    case 'settings':
    case 'conditions':
      return key !== '?' && (isClosing(key) || key in scrolling(model)) ? onScrollKey(model, dialog, key) : pressed(model, key);
    case 'safe':
      if (key !== '?' && isClosing(key)) return { ...close(model), intents: [{ do: 'cancel_safe' }] };
      return key in scrolling(model) ? onScrollKey(model, dialog, key) : pressed(model, key);
    case 'log':
      return key !== '?' && isClosing(key) ? close(model) : pressed(model, key);
    case 'ask_safe':
      return onAskSafeKey(model, dialog, key);
    case 'help':
      return onScrollKey(model, dialog, key);
    case 'confirm':
      return dialog.expected === null ? onYesNo(model, dialog, key) : onTyping(model, dialog, dialog.expected, key);
    case 'offer':
      return onOfferKey(model, dialog, key);
    case 'set_up':
      return onSetUpKey(model, dialog.setUp, key);
    case 'message':
      return isClosing(key) ? close(model) : { model, intents: [] };
    default:
      return unreachable(dialog);
  }
}

const closing = new Set(['escape', 'enter', 'q', '?', 'backspace']);
const isClosing = (key: string): boolean => closing.has(key);

/** Rows of the screen that a page does not scroll, so that no line is skipped. */
const notOfPage = 7;

type ScrolledDialog = Extract<Dialog, { readonly scroll: number }>;

function onScrollKey(model: Model, dialog: ScrolledDialog, key: string): Updated {
  if (isClosing(key)) return close(model);
  return scrolledBy(model, dialog, scrolling(model)[key] ?? 0);
}

/** Returns the lines that each key scrolls. */
function scrolling({ size }: Model): Readonly<Record<string, number>> {
  const page = Math.max(1, size.rows - notOfPage);
  return { up: -1, k: -1, down: 1, j: 1, pageup: -page, pagedown: page, home: Number.NEGATIVE_INFINITY, end: allLines };
}

/** More lines than any dialog has. */
const allLines = 1_000_000;

/** The wheel does not move what is under a dialog. */
function onWheel(model: Model, by: number): Updated {
  const dialog = model.dialogs.at(-1);
  if (dialog?.kind === 'log') return scrollLog(model, by);
  return dialog !== undefined && 'scroll' in dialog ? scrolledBy(model, dialog, by) : { model, intents: [] };
}

/** Scrolls a dialog. @param by lines; the views limit how far */
function scrolledBy(model: Model, dialog: ScrolledDialog, by: number): Updated {
  return { model: replaced(model, { ...dialog, scroll: Math.max(0, dialog.scroll + by) }), intents: [] };
}

function onYesNo(model: Model, dialog: Extract<Dialog, { kind: 'confirm' }>, key: string): Updated {
  if (key === 'y') return { ...close(model), intents: [dialog.intent] };
  return key === 'n' || isClosing(key) ? close(model) : { model, intents: [] };
}

function onTyping(model: Model, dialog: Extract<Dialog, { kind: 'confirm' }>, wanted: string, key: string): Updated {
  if (key === 'escape') return close(model);
  if (key === 'enter')
    return dialog.typed === wanted ? { ...close(model), intents: [dialog.intent] } : { model: notTheName(model), intents: [] };
  const edited = editedBy(key, { text: dialog.typed, after: dialog.after ?? 0 });
  if (edited === null) return { model, intents: [] };
  return {
    model: replaced(model, { ...dialog, typed: edited.text.slice(0, limits.typedNameLength), after: edited.after ?? 0 }),
    intents: [],
  };
}

/** Nothing is done, and what was typed can be corrected. */
function notTheName(model: Model): Model {
  return { ...model, notice: { text: 'that is not the name; nothing was changed', isBad: true, untilAt: model.now + 8_000 } };
}

function close(model: Model): Updated {
  return { model: { ...model, dialogs: model.dialogs.slice(0, -1) }, intents: [] };
}

function replaced(model: Model, dialog: Dialog): Model {
  return { ...model, dialogs: [...model.dialogs.slice(0, -1), dialog] };
}
