const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Characters that do not join with a neighbour that is also in this set (Grapheme_Cluster_Break Other, LV, LVT; UAX #29): ASCII,
 * Latin, Greek, Cyrillic, punctuation, arrows, line drawing, kana, ideographs, whole Hangul syllables.
 */
const alone =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25ff\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*$/;

/**
 * Returns what a reader perceives as single characters. Each call of Intl.Segmenter leaves an object whose collection delays one
 * frame in forty for longer than a frame may take, so it is used only when it is needed.
 */
export function clustersOf(text: string): Iterable<string> {
  return alone.test(text) ? text : segmented(text);
}

function* segmented(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Latin and the characters that pictures are drawn with. Each is one column for blessed, string-width and terminals. */
const plainlyNarrow = /^[ -~\u2018-\u201d\u2026\u2190-\u2193\u2500-\u2595]$/;

/**
 * Returns whether the width is known to be one without string-width, whose patterns of all emoji take longer to compile than the
 * time for the first picture.
 */
export function isPlainlyNarrow(cluster: string): boolean {
  return plainlyNarrow.test(cluster);
}
