export { type ExplainedSetting, explainConfig, explainText, isCommandKey } from './explain.ts';
export { type LoadInput, loadConfig } from './load.ts';
export { findConfigFile } from './locations/find-file.ts';
export {
  configLocations,
  defaultStateDir,
  type Location,
  paths,
  type Surroundings,
  surroundings,
  userStateDir,
} from './locations/locations.ts';
export { hasConfigFile, newConfigFile, writeConfigFile } from './locations/new-file.ts';
export { parseToml } from './problems/positions.ts';
export { ConfigError, describeProblem } from './problems/problem.ts';
export { planReload, type ReloadPlan } from './reload.ts';
export type { Config, LogLevel } from './routes/config.ts';
export { routeWithDefaults, suggestedRouteName } from './routes/routes.ts';
export { unsupportedSettings } from './routes/unsupported.ts';
export { pickOptions, routeOptions } from './schema/options.ts';
export { configTemplate } from './schema/template.ts';
export { parseDuration } from './schema/units.ts';
export { nearest } from './schema/unknown-keys.ts';
