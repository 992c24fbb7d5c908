import { terminalLimits } from '../limits.ts';

/** A complete input of a terminal: a character, a key or report as an escape sequence, or pasted text. */
export interface InputToken {
  readonly kind: 'character' | 'sequence' | 'paste';
  readonly text: string;
}

/** Cuts the input of a terminal into tokens. */
export interface InputTokens {
  /** Adds input and returns the tokens that are complete. @param text what has arrived, cut anywhere */
  push(text: string): readonly InputToken[];
  /** Returns how long to wait for the rest of the pending text, in milliseconds. Null: without a limit. */
  waitMs(): number | null;
  /** Returns the pending text as the tokens that it means if nothing follows. */
  flush(): readonly InputToken[];
}

/** The first input in a text: its length, and its token. Null: an input that is ignored. */
interface First {
  readonly length: number;
  readonly token: InputToken | null;
}

const escape = '\x1b';
/** BEL, or the beginning of ST. */
const endOfAnswer = new RegExp(`[\x07${escape}]`);
const escapeKey: First = { length: 1, token: { kind: 'sequence', text: escape } };

const pasteBegins = '\x1b[200~';
const pasteEnds = '\x1b[201~';

// What follows Escape: the keys of the Linux console, the old mouse report, CSI, SS3.
const wholeKey = /^(?:\[\[(?:\d~|\D)|\[M[^]{3}|\[(?![[M])[0-9:;<=>?]*[ -/]*[@-~]|O[0-9;]*[A-Za-z])/;
const beginningOfKey = /^(?:\[(?:\[\d?)?|\[M[^]{0,2}|\[[0-9:;<=>?]*[ -/]*|O[0-9;]*)?$/;
const brokenKey = /^(?:\[[0-9:;<=>?]+[ -/]*|O[0-9;]+)/;
/** The keys and reports that blessed knows. It would read any other one as a bracket and letters, which are keys. */
const knownKey = /^(?:\[\[(?:\d~|\D)|\[M[^]{3}|\[<\d+;\d+;\d+[Mm]|\[\d+(?:;\d+)?[~^$]|[[O](?:1;)?\d*[A-Za-z])$/;
/** The beginnings of OSC, DCS, PM, APC and SOS: answers to queries. */
const beginsAnswer = /^[\]P^_X]/;

/**
 * Returns an empty cutter. Blessed takes each chunk for complete: it would read half an arrow key as Escape and two letters,
 * pasted text as keys, and a late answer to a query of the program before (for a colour, say) as letters.
 */
export function inputTokens(): InputTokens {
  let pending = '';
  /** The text of a paste that has not ended. */
  let pasted: string | null = null;

  const endPaste = (tokens: InputToken[]): void => {
    if (pasted !== null) tokens.push({ kind: 'paste', text: pasted.slice(0, terminalLimits.pasteLength) });
    pasted = null;
  };
  /** @returns false if more input is needed */
  const readPaste = (before: string, tokens: InputToken[]): boolean => {
    const end = pending.indexOf(pasteEnds);
    // The end may be cut in two.
    const length = end === -1 ? Math.max(0, pending.length - pasteEnds.length + 1) : end;
    if (before.length < terminalLimits.pasteLength) pasted = before + pending.slice(0, length);
    pending = pending.slice(end === -1 ? length : end + pasteEnds.length);
    if (end !== -1) endPaste(tokens);
    return end !== -1;
  };
  const cut = (isLast: boolean): InputToken[] => {
    const tokens: InputToken[] = [];
    while (pending !== '') {
      if (pasted !== null) {
        if (!readPaste(pasted, tokens)) break;
      } else if (pending.startsWith(pasteBegins)) {
        pasted = '';
        pending = pending.slice(pasteBegins.length);
      } else {
        const first = firstOf(pending, isLast);
        if (first === null) break;
        if (first.token !== null) tokens.push(first.token);
        pending = pending.slice(first.length);
      }
    }
    return tokens;
  };
  return {
    push: (text) => {
      const tokens: InputToken[] = [];
      // A paste without an end must not block the keyboard.
      if (text === '\x03' && pasted !== null) {
        pasted += pending;
        pending = '';
        endPaste(tokens);
      }
      pending += text;
      return [...tokens, ...cut(false)];
    },
    waitMs: () => (pending === '' || pasted !== null ? null : terminalLimits.escapeWaitMs),
    flush: () => cut(true),
  };
}

/** @returns null if it is not complete yet */
function firstOf(text: string, isLast: boolean): First | null {
  if (!text.startsWith(escape)) return character(text);
  if (text.startsWith(pasteEnds)) return { length: pasteEnds.length, token: null };
  const rest = text.slice(1);
  const key = wholeKey.exec(rest)?.[0];
  if (key !== undefined) return { length: 1 + key.length, token: knownKey.test(key) ? { kind: 'sequence', text: escape + key } : null };
  const mayGoOn = !isLast && text.length < terminalLimits.sequenceLength;
  if (beginsAnswer.test(rest)) return answer(text, mayGoOn);
  if (mayGoOn && beginningOfKey.test(rest)) return null;
  const broken = brokenKey.exec(rest)?.[0];
  return broken === undefined ? escapeKey : { length: 1 + broken.length, token: null };
}

function answer(text: string, mayGoOn: boolean): First | null {
  const end = text.slice(2).search(endOfAnswer) + 2;
  const isEnded = end >= 2 && (text[end] !== escape || text[end + 1] === '\\');
  if (isEnded) return { length: end + (text[end] === escape ? 2 : 1), token: null };
  const isOpen = end < 2 || end === text.length - 1;
  if (isOpen && mayGoOn) return null;
  // Escape and one of those letters, pressed quickly. With more text after them, it is dropped.
  if (text.length === 2 || end === 2) return escapeKey;
  return { length: end < 2 ? text.length : end, token: null };
}

function character(text: string): First {
  const one = String.fromCodePoint(text.codePointAt(0) ?? 0);
  // C1 controls are sequences of terminals from before UTF-8. Nobody types them.
  if (one >= '\x80' && one <= '\x9f') return { length: one.length, token: null };
  return { length: one.length, token: { kind: one < ' ' || one === '\x7f' ? 'sequence' : 'character', text: one } };
}
