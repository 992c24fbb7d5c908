/** Internal words, and what a careless template leaves behind. */
const strange = /\b(carriers?|fingerprints?|gates?|lanes?|rediscover(ed|s)?|undefined|null|NaN|Infinity)\b|\[object|\$\{/i;

/** Two texts that were joined without a space, or after the end of a sentence. */
const joined = /[.?!][;,:]|[;,:]{2}| {2}|[a-z)][;,][a-zA-Z]/;

/** Returns whether a text is fit for a person: it is not empty, and has no internal word, no loose end and no bad joint. */
export function isForOperators(text: string): boolean {
  return text.trim() !== '' && !strange.test(text) && !joined.test(text) && !/[;:,(] *$|\(\)|^[ ;]/.test(text);
}
