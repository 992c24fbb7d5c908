export { agentConditionJson, conditionJson, conditionKinds, overText } from './conditions/condition-json.ts';
export { type AnyCondition, conditionRemedy, conditionText } from './conditions/condition-text.ts';
export { askedBy, type Sentence, sentenceOf, timelineText } from './events/sentences.ts';
export { evidenceLines, evidenceTexts } from './evidence-lines.ts';
export { CommandError, exitCode } from './exit-code.ts';
export { codeText, type KnownError, problemText, remedyText } from './failures/failure.ts';
export { findingText, foundBy } from './failures/finding.ts';
export { beforeProbeText, hookEndText } from './failures/hooks.ts';
export { keptText } from './failures/kept-leftover.ts';
export type { Explained } from './failures/meaning.ts';
export { refusalText } from './failures/refusal.ts';
export { removalCauseText, removalRemedyText } from './failures/removal-failure.ts';
export { keptFreeBytes, roomText } from './failures/space-shortage.ts';
export { clean, cleanJson } from './figures/clean.ts';
export { clockText, dayText, momentText, shortTime, timeOf } from './figures/clock.ts';
export { columnsOf, table } from './figures/columns.ts';
export { duration } from './figures/duration.ts';
export {
  countText,
  elapsedText,
  etaText,
  percentText,
  rateShort,
  sizeLong,
  sizeRough,
  sizeShort,
  sizeText,
  untilText,
  uptimeText,
} from './figures/figures.ts';
export { levelTone, noPaint, type Paint, paintFor } from './figures/paint.ts';
export { parseTime } from './figures/time.ts';
export { type FileTableOptions, fileLines } from './file-lines.ts';
export { leftoverLines, leftoverStateText } from './leftover-lines.ts';
export { reloadLines } from './reload-lines.ts';
export { fileJson, gateJson } from './replies.ts';
export { reasonOf } from './states/file-reason.ts';
export { type ShownHold } from './states/held.ts';
export { leftAloneText, selectionText, unknownFileText } from './states/left-alone.ts';
export { outageFacts } from './states/outage-facts.ts';
export { removalLines, removalTriesText, removalWaitText } from './states/removals.ts';
export { sourceTrouble } from './states/source-trouble.ts';
export { statesNamed, stateTone, stateWord } from './states/state-word.ts';
export { judge } from './states/verdict.ts';
export { waitingText } from './states/waiting.ts';
export { statusLines } from './status-lines.ts';
export { type Scene, tourSteps, tourWords } from './tour.ts';
