export { runIntake } from './intake.ts';
export { ListedDisks } from './listing/disks.ts';
export { type Listing, listSource } from './listing/listing.ts';
export type { ConfigureIntake, IntakeMessage } from './messages.ts';
export { createRules } from './rules/rules.ts';
export { runSurvey, type SourceSurvey } from './survey.ts';
