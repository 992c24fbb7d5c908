/** What a message to a person never contains: frames of a stack, places in the program, messages of JavaScript itself. */
const inner =
  /\n\s+at |file:\/\/|node:internal|\/src\/[\w/-]+\.(?:ts|js)\b|\[object \w+\]|Cannot (?:read|set|convert|mix|destructure)|is not a function|is not iterable|is not defined|Maximum call stack|Invalid array length|out of memory/u;
const control = /[^\P{Cc}\n\t]/u;

/** @throws Error if a message is not fit for a person */
export function assertClear(message: string, maxLength: number): void {
  const shown = JSON.stringify(message.slice(0, 600));
  if (message.trim() === '') throw new Error('a message without a word');
  if (message.length > maxLength) throw new Error(`a message of ${message.length} characters: ${shown}`);
  if (inner.test(message)) throw new Error(`a message shows the program: ${shown}`);
  if (control.test(message)) throw new Error(`a message has control characters: ${shown}`);
}
