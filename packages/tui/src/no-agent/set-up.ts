import { limits } from '../limits.ts';
import type { FolderField, Message, Model, SetUp, Updated } from '../model/model.ts';
import type { Side, TypedFolders } from '../model/starter.ts';
import { editedBy, inserted, type TypedLine } from '../model/typed-line.ts';

const empty: FolderField = { typed: '', isAsking: false, check: null };

/** Returns a set-up that begins with the source. */
export function beginSetUp(file: string): SetUp {
  return { file, step: 'source', source: empty, destination: empty, isWriting: false, trouble: null };
}

/** Handles a key in the set-up. Enter checks the folder. A good result continues by itself, a doubtful one with another Enter. */
export function onSetUpKey(model: Model, setUp: SetUp, key: string): Updated {
  if (setUp.step === 'confirm') return onConfirmKey(model, setUp, key);
  const field = setUp[setUp.step];
  switch (key) {
    case 'escape':
      return setUp.step === 'source' ? closed(model) : changed(model, { ...setUp, step: 'source' });
    case 'enter':
      return onEnter(model, setUp, setUp.step);
    default: {
      const edited = editedBy(key, lineOf(field));
      return edited === null ? { model, intents: [] } : typing(model, setUp, edited);
    }
  }
}

/** Inserts a pasted path, which is text like any other. */
export function pasteInto(model: Model, setUp: SetUp, text: string): Updated {
  return setUp.step === 'confirm' ? { model, intents: [] } : typing(model, setUp, inserted(lineOf(setUp[setUp.step]), text));
}

function lineOf({ typed, after = 0 }: FolderField): TypedLine {
  return { text: typed, after };
}

function typing(model: Model, setUp: SetUp, { text, after = 0 }: TypedLine): Updated {
  if (setUp.step === 'confirm') return { model, intents: [] };
  const field = setUp[setUp.step];
  // The result of the check stays while only the caret moves.
  if (text === field.typed) return changed(model, { ...setUp, [setUp.step]: { ...field, after } });
  return changed(
    model,
    withField(setUp, setUp.step, { typed: text.slice(0, limits.typedPathLength), after, isAsking: false, check: null }),
  );
}

function onEnter(model: Model, setUp: SetUp, side: Side): Updated {
  const field = setUp[side];
  if (field.typed.trim() === '' || field.isAsking) return { model, intents: [] };
  if (field.check !== null && field.check.verdict !== 'impossible') return changed(model, onward(setUp));
  const asking = withField(setUp, side, { typed: unquoted(field.typed), isAsking: true, check: null });
  return { ...changed(model, asking), intents: [{ do: 'check_folder', side, folders: foldersOf(asking) }] };
}

/** Removes quotes from a path, which file managers paste. */
function unquoted(typed: string): string {
  const [, , path] = /^\s*(["'])(.+)\1\s*$/.exec(typed) ?? [];
  return path ?? typed;
}

function onward(setUp: SetUp): SetUp {
  return { ...setUp, step: setUp.step === 'source' ? 'destination' : 'confirm' };
}

function onConfirmKey(model: Model, setUp: SetUp, key: string): Updated {
  if (setUp.isWriting) return { model, intents: [] };
  if (key === 'n' || key === 'escape') return changed(model, { ...setUp, step: 'destination', trouble: null });
  if (key !== 'y') return { model, intents: [] };
  const writing = changed(model, { ...setUp, isWriting: true, trouble: null });
  return { ...writing, intents: [{ do: 'write_config', folders: foldersOf(setUp) }] };
}

/** Handles the result of a check, or the reason why nothing could be written. A result about an earlier text is ignored. */
export function ofSetUp(model: Model, message: Extract<Message, { kind: 'folder' | 'config_refused' }>): Updated {
  const setUp = model.dialogs.find((dialog) => dialog.kind === 'set_up')?.setUp;
  if (setUp === undefined) return { model, intents: [] };
  if (message.kind === 'config_refused') return changed(model, { ...setUp, isWriting: false, trouble: message.trouble });
  const { side, typed, check } = message;
  const field = setUp[side];
  if (!field.isAsking || field.typed !== typed) return { model, intents: [] };
  const answered = withField(setUp, side, { ...field, isAsking: false, check });
  return changed(model, check.verdict === 'good' && setUp.step === side ? onward(answered) : answered);
}

function withField(setUp: SetUp, side: Side, field: FolderField): SetUp {
  // Whether two folders fit together is shown with the second one.
  const other = side === 'source' ? { destination: { ...setUp.destination, isAsking: false, check: null } } : {};
  return { ...setUp, ...other, [side]: field };
}

function foldersOf({ source, destination }: SetUp): TypedFolders {
  return { source: source.typed, destination: destination.typed };
}

function changed(model: Model, setUp: SetUp): Updated {
  const dialogs = model.dialogs.map((dialog) => (dialog.kind === 'set_up' ? { ...dialog, setUp } : dialog));
  return { model: { ...model, dialogs }, intents: [] };
}

function closed(model: Model): Updated {
  return { model: { ...model, dialogs: model.dialogs.filter(({ kind }) => kind !== 'set_up') }, intents: [] };
}
