export { runIntake } from './intake.ts';
export { createRules, type LeftAlone, type Looked, type RuleName, type Rules } from './rules.ts';
export { type LeftCount, runSurvey, type SourceSurvey, surveySource } from './survey.ts';
