import type { EvidenceJson } from '@sluice/control';

/** Returns what the evidence for and against a destination amounts to, and the evidence. The command and the screen show it. */
export function evidenceLines(evidence: EvidenceJson): string[] {
  const { destination, description, knownMarker, foundMarker, asked, present, missing, trouble } = evidence;
  if (trouble !== null) return [...otherSourceLines(evidence), `${destination} does not answer: ${trouble}`];
  return [
    ...otherSourceLines(evidence),
    judgement(evidence),
    `${destination} ${description ?? ''}`,
    `  known as      ${knownMarker ?? 'nothing yet'}`,
    `  found there   ${foundMarker ?? 'no marker'}${foundMarker !== null && foundMarker === knownMarker ? ' (the same)' : ''}`,
    asked === 0 ? '  nothing was copied there yet' : `  of the last ${asked} copied files, ${present} are there`,
    ...missing.slice(0, 3).map((name) => `    not there: ${name}`),
  ];
}

function otherSourceLines({ otherSource }: EvidenceJson): string[] {
  if (otherSource === undefined) return [];
  const { files, path } = otherSource;
  const what =
    files === 1 ? '1 file that was copied from an earlier disk waits' : `${files} files that were copied from an earlier disk wait`;
  return [`ANOTHER DISK is at the source ${path}: ${what} to be removed there. If you adopt, they are not removed any more.`];
}

/**
 * Returns the same in several lengths, the longest first, for a box that may be too small. In the last two every line is short
 * except for the names in it, which may be cut.
 */
export function evidenceTexts(evidence: EvidenceJson): readonly (readonly string[])[] {
  const all = evidenceLines(evidence);
  return [all, evidenceLines({ ...evidence, missing: [] }), briefly(evidence), briefly({ ...evidence, description: null })];
}

function briefly(evidence: EvidenceJson): string[] {
  const { destination, description, knownMarker, foundMarker, trouble } = evidence;
  if (trouble !== null) return ['It does not answer.', destination, trouble];
  return [
    judgementBriefly(evidence),
    destination,
    `known ${knownMarker ?? 'nothing yet'}`,
    `found ${foundMarker ?? 'no marker'}`,
    ...(description === null ? [] : [description]),
  ];
}

/** At most 34 columns, so that it fits a box on a screen of 40. */
function judgementBriefly({ knownMarker, foundMarker, asked, present }: EvidenceJson): string {
  if (foundMarker !== null && foundMarker === knownMarker) return 'It is the known disk.';
  if (asked === 0) return 'No evidence for or against it.';
  const counted = `${present} of ${asked} files there`;
  if (present === 0) return `ANOTHER DISK? ${counted}`;
  return present < asked ? `Older copy? ${counted}` : `The same? ${counted}`;
}

function judgement({ knownMarker, foundMarker, asked, present }: EvidenceJson): string {
  if (foundMarker !== null && foundMarker === knownMarker) return 'It is the known disk.';
  if (asked === 0) return 'Nothing shows whether this is the right disk.';
  if (present === 0) return 'NONE of the copied files is there: this is most likely ANOTHER DISK, or the share is not mounted.';
  return present < asked
    ? 'Some of the copied files are missing there: this may be an older copy of the disk.'
    : 'All files that were checked are there: this is most likely the same disk with a new marker.';
}
