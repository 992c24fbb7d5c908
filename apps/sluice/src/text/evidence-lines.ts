import type { EvidenceJson } from '@sluice/agent';

/** Evidence for and against, in a few lines; shown by the command and by the screen. */
export function evidenceLines(evidence: EvidenceJson): string[] {
  const { destination, description, knownMarker, foundMarker, asked, present, missing, trouble } = evidence;
  if (trouble !== null) return [`${destination} does not answer: ${trouble}`];
  return [
    `${destination} ${description ?? ''}`,
    `  known as      ${knownMarker ?? 'nothing yet'}`,
    `  found there   ${foundMarker ?? 'no marker'}${foundMarker !== null && foundMarker === knownMarker ? ' (the same)' : ''}`,
    asked === 0 ? '  nothing was carried there yet' : `  of the last ${asked} files carried ${present} are there`,
    ...missing.slice(0, 3).map((name) => `    not there: ${name}`),
  ];
}
