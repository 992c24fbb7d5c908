import { limits } from '../limits.ts';
import type { AskSafeDialog, SafeDialog } from '../model/dialogs.ts';
import type { Dialog, Message, Model, Updated } from '../model/model.ts';
import { editedBy, inserted } from '../model/typed-line.ts';

/** Handles a key in the dialog that asks for the source to check. */
export function onAskSafeKey(model: Model, dialog: AskSafeDialog, key: string): Updated {
  switch (key) {
    case 'escape':
      return { model: { ...model, dialogs: model.dialogs.slice(0, -1) }, intents: [] };
    case 'enter':
      return started(model, dialog);
    case 'tab':
      return replaced(model, { ...dialog, reads: !dialog.reads });
    case 'up':
      return chosen(model, dialog, -1);
    case 'down':
      return chosen(model, dialog, 1);
    default: {
      const line = editedBy(key, { text: dialog.typed, after: dialog.after ?? 0 });
      return line === null ? { model, intents: [] } : replaced(model, typedInto(dialog, line));
    }
  }
}

/** Inserts pasted text. */
export function pasteFolder(model: Model, dialog: AskSafeDialog, text: string): Updated {
  return replaced(model, typedInto(dialog, inserted({ text: dialog.typed, after: dialog.after ?? 0 }, text)));
}

function typedInto(dialog: AskSafeDialog, { text, after = 0 }: ReturnType<typeof inserted>): AskSafeDialog {
  return { ...dialog, typed: text.slice(0, limits.typedPathLength), after };
}

function chosen(model: Model, dialog: AskSafeDialog, by: number): Updated {
  const at = (dialog.at + by + dialog.targets.length) % dialog.targets.length;
  return replaced(model, { ...dialog, at, typed: dialog.targets[at]?.folder ?? '', after: 0 });
}

function started(model: Model, { targets, at, typed, reads }: AskSafeDialog): Updated {
  const target = targets[at];
  if (target === undefined) return { model, intents: [] };
  const folder = folderOf(typed, target.source);
  const asked = { route: target.route, folder: folder === '' ? null : folder, reads };
  return { model: { ...model, dialogs: [...model.dialogs.slice(0, -1), running(asked)] }, intents: [{ do: 'safe', asked }] };
}

/** Returns the folder below the source. A person may type its absolute path, and slashes at both ends. */
function folderOf(typed: string, source: string): string {
  const below = typed === source || typed.startsWith(`${source}/`) ? typed.slice(source.length) : typed;
  return below.replace(/^\/+|\/+$/g, '');
}

function running(asked: SafeDialog['asked']): SafeDialog {
  return { kind: 'safe', asked, progress: null, answer: null, trouble: null, scroll: 0 };
}

/** Returns the open check, also below the help, or null. */
export function openedSafe({ dialogs }: Pick<Model, 'dialogs'>): SafeDialog | null {
  return dialogs.findLast((dialog) => dialog.kind === 'safe') ?? null;
}

/** Returns whether the open check has ended. */
export function isAnswered(model: Pick<Model, 'dialogs'>): boolean {
  const dialog = openedSafe(model);
  return dialog !== null && (dialog.answer !== null || dialog.trouble !== null);
}

/** Checks the same source again. @param reads whether the bytes are read */
export function againSafe(model: Model, reads: boolean): Updated {
  const dialog = openedSafe(model);
  if (dialog === null) return { model, intents: [] };
  const asked = { ...dialog.asked, reads };
  return { model: changed(model, () => running(asked)), intents: [{ do: 'safe', asked }] };
}

/** Applies the progress of the check, or its answer. */
export function ofSafe(model: Model, message: Extract<Message, { kind: 'safe_progress' | 'safe' }>): Model {
  return changed(model, (dialog) =>
    message.kind === 'safe' ? { ...dialog, answer: message.answer, trouble: message.trouble } : { ...dialog, progress: message.progress },
  );
}

function changed(model: Model, change: (dialog: SafeDialog) => SafeDialog): Model {
  return { ...model, dialogs: model.dialogs.map((dialog): Dialog => (dialog.kind === 'safe' ? change(dialog) : dialog)) };
}

function replaced(model: Model, dialog: AskSafeDialog): Updated {
  return { model: { ...model, dialogs: [...model.dialogs.slice(0, -1), dialog] }, intents: [] };
}
