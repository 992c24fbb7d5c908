const digits = /[0-9]+/g;

/**
 * Returns a text that sorts paths as people expect: without regard to case, and numbers by their value, so that `clip_9` comes
 * before `clip_10`. Two paths may have the same text.
 */
export function nameOrder(path: string): string {
  return path.toLowerCase().replace(digits, numbered);
}

/** Returns a number with its length before it. Of two numbers without leading zeros, the longer one is greater. */
function numbered(run: string): string {
  const value = run.replace(/^0+(?=[0-9])/, '');
  return String.fromCharCode(48 + value.length) + value;
}
