/** Words of this house that no operator meets, and what a careless template leaves behind. */
const strange = /\b(carriers?|fingerprints?|gates?|lanes?|rediscover(ed|s)?|undefined|null|NaN|Infinity)\b|\[object|\$\{/i;

export function isForOperators(sentence: string): boolean {
  return sentence.trim() !== '' && !strange.test(sentence) && !/[;:,(] *$|\(\)|^[ ;]/.test(sentence);
}
