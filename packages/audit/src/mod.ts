export { runAudit } from './audit-process.ts';
export type {
  Away,
  Difference,
  Differing,
  Judged,
  NotSafe,
  ProvenFile,
  RouteAudit,
  SafeAnswer,
  SourceNow,
  UnsafeFile,
  Verified,
} from './model.ts';
export type { Progress } from './process/progress.ts';
export type { AuditPlace } from './process/route-audit.ts';
export { AuditFailed } from './process/start-audit.ts';
export { type KnownRoute, knownRoutes } from './routes.ts';
export { askSafe } from './safe/ask-safe.ts';
export type { SafeInit, SafeReport } from './safe/safe-messages.ts';
export { type SafeListener, startSafe } from './safe/start-safe.ts';
export { runSafe } from './safe-process.ts';
export { notSafeText, type SafeLine, safeLine, safeLines, safeVerdict } from './texts/safe.ts';
export { differingText, type VerifyLine, verifyLine, verifyLines } from './texts/verify.ts';
export { askVerify } from './verify/ask-verify.ts';
