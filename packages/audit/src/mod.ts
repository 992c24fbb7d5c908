export { runAudit } from './audit-process.ts';
export type {
  Away,
  Difference,
  Differing,
  Judged,
  NotSafe,
  RouteAudit,
  SafeAnswer,
  SourceNow,
  UnsafeFile,
  Verified,
} from './model.ts';
export { AuditFailed } from './process/ask.ts';
export type { AuditPlace } from './process/place.ts';
export type { Progress } from './process/progress.ts';
export { type KnownRoute, knownRoutes } from './routes.ts';
export { askSafe } from './safe/ask-safe.ts';
export { askVerify, type VerifyAnswer } from './verify/ask-verify.ts';
