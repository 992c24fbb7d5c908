export { runIntake } from './intake.ts';
export type { IntakeMessage } from './messages.ts';
export { runSurvey, type SourceSurvey } from './survey.ts';
