/** Internal words, and what a careless template leaves behind. */
const strange = /\b(carriers?|fingerprints?|gates?|lanes?|rediscover(ed|s)?|undefined|null|NaN|Infinity)\b|\[object|\$\{/i;

/** Returns whether a text is fit for a person: it is not empty, and has no internal word and no loose end. */
export function isForOperators(text: string): boolean {
  return text.trim() !== '' && !strange.test(text) && !/[;:,(] *$|\(\)|^[ ;]/.test(text);
}
