import type { KeptBecause } from '@sluice/core/model';

const texts: Readonly<Record<KeptBecause, string>> = {
  not_replaced: 'no complete copy has replaced it, so it may be all that is left of its source',
  not_known_as_ours: 'nothing proves that Sluice created the file that has this name',
  other_file: 'another file has its name now',
  changed: 'it was changed after the complete copy was made',
  replacement_gone: 'the complete copy is not at the destination any more, or has another size',
  other_bytes: 'its bytes are not those of the complete copy; it may be of another recording',
  failed: 'the destination could not be read or changed; try again',
};

/** Returns why a leftover stays at the destination. A reason that this version does not know is shown by its name. */
export function keptText(kept: KeptBecause): string {
  return Object.hasOwn(texts, kept) ? texts[kept] : String(kept).replaceAll('_', ' ').slice(0, 80);
}
