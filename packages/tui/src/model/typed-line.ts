const segmenter = new Intl.Segmenter();

/** Returns what a person perceives as characters. */
function graphemes(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Returns whether a key is typed text, and not a key with a name. */
export function isCharacter(key: string): boolean {
  return graphemes(key).length === 1;
}

/** A line that is typed. `after`: the number of characters after the caret. Absent: the caret is at the end. */
export interface TypedLine {
  readonly text: string;
  readonly after?: number;
}

/** Returns the text before the caret and after it. */
export function aroundCaret({ text, after = 0 }: TypedLine): readonly [before: string, behind: string] {
  if (after <= 0) return [text, ''];
  const all = graphemes(text);
  const at = Math.max(0, all.length - after);
  return [all.slice(0, at).join(''), all.slice(at).join('')];
}

/** Inserts text at the caret. */
export function inserted(line: TypedLine, text: string): TypedLine {
  const [before, behind] = aroundCaret(line);
  return joined(before + text, behind);
}

/** Applies a key to a line, as a shell does. @returns null for a key without a meaning in a line */
export function editedBy(key: string, line: TypedLine): TypedLine | null {
  const [before, behind] = aroundCaret(line);
  switch (key) {
    case 'backspace':
      return joined(withoutLast(before), behind);
    case 'delete':
      return joined(before, graphemes(behind).slice(1).join(''));
    case 'left':
      return movedTo(line, (line.after ?? 0) + 1);
    case 'right':
      return movedTo(line, (line.after ?? 0) - 1);
    case 'home':
    case 'ctrl-a':
      return movedTo(line, Number.POSITIVE_INFINITY);
    case 'end':
    case 'ctrl-e':
      return movedTo(line, 0);
    case 'ctrl-u':
      return joined('', behind);
    case 'ctrl-k':
      return joined(before, '');
    case 'ctrl-w':
      return joined(before.replace(/[^\s/]*[\s/]*$/, ''), behind);
    default:
      return isCharacter(key) ? joined(before + key, behind) : null;
  }
}

function withoutLast(text: string): string {
  return graphemes(text).slice(0, -1).join('');
}

function joined(before: string, behind: string): TypedLine {
  return { text: before + behind, after: graphemes(behind).length };
}

function movedTo({ text }: TypedLine, after: number): TypedLine {
  return { text, after: Math.min(Math.max(0, after), graphemes(text).length) };
}

/** Returns a path below a folder. */
export function joinedPath(folder: string, path: string): string {
  return folder.endsWith('/') ? folder + path : `${folder}/${path}`;
}
