const segmenter = new Intl.Segmenter();

/** What a person perceives as characters. */
function graphemes(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Whether a key is text that was typed, not one that has a name. */
export function isCharacter(key: string): boolean {
  return graphemes(key).length === 1;
}

export function withoutLast(text: string): string {
  return graphemes(text).slice(0, -1).join('');
}

/** What Ctrl-U and Ctrl-W leave of a text: nothing, or all but its last word. */
export function editedBy(key: string, text: string): string | null {
  if (key === 'ctrl-u') return '';
  return key === 'ctrl-w' ? text.replace(/[^\s/]*[\s/]*$/, '') : null;
}

/** A path below a folder. */
export function joinedPath(folder: string, path: string): string {
  return folder.endsWith('/') ? folder + path : `${folder}/${path}`;
}
