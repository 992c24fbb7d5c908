import { unreachable } from '@sluice/core/model';
import { type KeyNow, keysNow } from '../../keys/bindings.ts';
import type { AskSafeDialog } from '../../model/dialogs.ts';
import type { Dialog, FolderField, Model, SetUp } from '../../model/model.ts';
import type { Theme } from '../../picture/picture.ts';
import { blank, filled, type Line, type Piece, piece, spread, widthOf } from '../../picture/pieces/pieces.ts';
import { isAnswered } from '../../safe/safe.ts';
import { maxScroll } from '../full-views/full-view.ts';

type Shown = Pick<KeyNow, 'label' | 'text'>;

const leaving = 'copying goes on; sluice stop ends it';
const leavingShortly = 'sluice stop ends it';
const leavingTour = 'compares all bytes';

/** Returns ` Enter detail  r retry  f first  h hold ingest  / filter  ? help      q leave`: the keys that do something now. */
export function footerLine(model: Model, theme: Theme): Line {
  const { columns } = model.size;
  const special = specialKeys(model, theme);
  if (special !== null) return filled([blank(1), ...keyPieces(special, theme)], columns, theme);
  const leave = piece(leaveText(model), 'plain', theme);
  const right: Line = [blank(2), piece('q ', 'key', theme), leave];
  return spread([blank(1), ...keyPieces(chosen(model, columns - widthOf(right) - 1, theme), theme)], right, columns, theme);
}

/** No key ends the agent. If there is room, the footer names the command that does. */
function leaveText({ size: { columns }, tour, link }: Model): string {
  const word = tour === null ? 'leave' : 'end';
  const isWide = columns >= 110;
  if (link.kind !== 'connected' || columns < 80 || (tour !== null && !isWide)) return `${word} `;
  const meaning = tour !== null ? leavingTour : isWide ? leaving : leavingShortly;
  return `${word} (${meaning}) `;
}

/** Other keys are valid while something is asked or typed. */
function specialKeys(model: Model, theme: Theme): readonly Shown[] | null {
  const dialog = model.dialogs.at(-1);
  switch (dialog?.kind) {
    case 'confirm':
      return dialog.expected === null ? [key('y', 'yes'), key('n', 'no')] : [key('Enter', 'accept'), key('Esc', 'no')];
    case 'detail':
    case 'log':
    case 'settings':
    case 'conditions':
      return viewKeys(model, 'back', theme);
    case 'safe':
      return viewKeys(model, isAnswered(model) ? 'back' : 'end the check', theme);
    case 'ask_safe':
      return askSafeKeys(dialog);
    case 'help':
      return [key('Esc', 'back'), ...(maxScroll(model, theme) > 0 ? [key('Up Down PgUp PgDn', 'scroll')] : [])];
    case 'offer':
      return [...offerKeys(dialog), key('q', 'leave'), key('Esc', 'look around')];
    case 'set_up':
      return setUpKeys(dialog.setUp);
    case 'message':
      return [key('Esc', 'back')];
    case undefined:
      return model.filter.isEditing ? [key('Enter', 'keep the filter'), key('Esc', 'clear it')] : null;
    default:
      return unreachable(dialog);
  }
}

/** Returns the keys for leaving and scrolling, and as many keys of the view as there is room for. */
function viewKeys(model: Model, leave: string, theme: Theme): readonly Shown[] {
  const short = [key('Esc', leave)];
  const back = [...short, ...(maxScroll(model, theme) > 0 ? [key('Up Down PgUp PgDn', 'scroll')] : [])];
  const room = (fixed: readonly Shown[]): number => model.size.columns - 3 - widthOf(keyPieces(fixed, theme));
  const actions = chosen(model, room(back), theme);
  const isCut = actions.length < footerKeys(model, theme).length;
  return isCut ? [...short, ...chosen(model, room(short), theme)] : [...back, ...actions];
}

function askSafeKeys({ targets, reads }: AskSafeDialog): readonly Shown[] {
  const choose = targets.length > 1 ? [key('Up Down', 'choose')] : [];
  return [key('Enter', 'check'), key('Esc', 'back'), key('Tab', reads ? 'do not read bytes' : 'read bytes'), ...choose];
}

function offerKeys({ offer, isStarting }: Extract<Dialog, { kind: 'offer' }>): readonly Shown[] {
  if (isStarting || offer.kind === 'cannot') return [];
  return [key('Enter', offer.kind === 'start' ? 'start the agent' : 'set it up')];
}

function setUpKeys(setUp: SetUp): readonly Shown[] {
  const { step, isWriting } = setUp;
  if (step === 'confirm') return isWriting ? [] : [key('y', 'yes'), key('n', 'back')];
  return [...enterKey(setUp[step]), key('Esc', 'back')];
}

/** Enter checks the folder. Pressed again, it accepts the result. */
function enterKey({ isAsking, check }: FolderField): readonly Shown[] {
  if (isAsking) return [];
  if (check === null || check.verdict === 'impossible') return [key('Enter', 'check the folder')];
  return [key('Enter', check.verdict === 'doubtful' ? 'use it anyway' : 'continue')];
}

function key(label: string, text: string): Shown {
  return { label, text };
}

function footerKeys(model: Model, theme: Theme): readonly KeyNow[] {
  return keysNow(model, theme).filter(({ footer }) => footer !== undefined);
}

function chosen(model: Model, room: number, theme: Theme): readonly KeyNow[] {
  const keys = footerKeys(model, theme);
  // A frozen picture is not the present state, so the key that unfreezes it comes before all others.
  const rankOf = ({ does, footer }: KeyNow): number => (does === 'freeze' && model.frozen !== null ? 0 : (footer?.rank ?? 0));
  const byRank = keys.toSorted((a, b) => rankOf(a) - rankOf(b));
  const kept = fitting(byRank, room, theme);
  // The route is named above and in the question, but only the footer says that it can be held.
  const isCut = byRank.some(isHold) && !kept.some(isHold);
  const shown = isCut ? fitting(byRank.map(withoutRoute), room, theme) : kept;
  return shown.toSorted((a, b) => (a.footer?.position ?? 0) - (b.footer?.position ?? 0));
}

const isHold = ({ does }: KeyNow): boolean => does === 'hold';

function withoutRoute(key: KeyNow): KeyNow {
  return isHold(key) ? { ...key, text: key.text.split(' ', 1)[0] ?? '' } : key;
}

function fitting(byRank: readonly KeyNow[], room: number, theme: Theme): readonly KeyNow[] {
  let kept = byRank;
  while (kept.length > 0 && widthOf(keyPieces(kept, theme)) > room) kept = kept.slice(0, -1);
  return kept;
}

function keyPieces(keys: readonly Shown[], theme: Theme): Line {
  const pieces: Piece[] = [];
  for (const [index, { label, text }] of keys.entries()) {
    if (index > 0) pieces.push(blank(2));
    pieces.push(piece(label, 'key', theme), piece(` ${text}`, 'plain', theme));
  }
  return pieces;
}
