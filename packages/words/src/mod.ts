export { clean, cleanJson } from './clean.ts';
export { clockText, dayText, momentText, shortTime, timeOf } from './clock.ts';
export { table } from './columns.ts';
export { evidenceLines, evidenceTellings } from './evidence-lines.ts';
export { CommandError, exitCode } from './exit-code.ts';
export {
  countText,
  elapsedText,
  etaText,
  percentText,
  rateShort,
  sizeLong,
  sizeRough,
  sizeShort,
  untilText,
  uptimeText,
} from './figures.ts';
export { fileLines } from './file-lines.ts';
export { outageFacts } from './outage-facts.ts';
export { sourceTrouble } from './source-trouble.ts';
export { statusLines } from './status-lines.ts';
export { parseTime } from './time.ts';
export { timelineWords } from './timeline-words.ts';
export { type Scene, tourSteps, tourWords } from './tour.ts';
