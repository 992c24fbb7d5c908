export { runIntake } from './intake.ts';
export { runSurvey, type SourceSurvey } from './survey.ts';
