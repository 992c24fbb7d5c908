import type { Config, SettingOrigin } from './routes/config.ts';
import { catalogue } from './schema/catalogue.ts';

/** A setting that is in force. */
export interface ExplainedSetting {
  /** The table of `sluice.toml`, with the name of the route: `[agent]`, `[[route]] ingest`, `[route.growing] ingest`. */
  readonly table: string;
  /** The key in that table. */
  readonly key: string;
  /** The value, as it is written in `sluice.toml`. */
  readonly value: string;
  /** Where the value comes from: `default`, a file and line such as `sluice.toml:14`, or an option such as `--stable-after`. */
  readonly from: string;
}

/** Returns each effective setting with its origin, for `sluice check`. */
export function explainConfig(config: Config): ExplainedSetting[] {
  return config.origin.settings.map((setting) => ({
    ...locationOf(setting),
    value: setting.value,
    from: comesFrom(setting, config.origin.file),
  }));
}

/** Returns whether a key is that of a command, whose arguments may be secret. */
export function isCommandKey(key: string): boolean {
  return catalogue.some(({ isCommand, path }) => isCommand && path.at(-1) === key);
}

function locationOf({ route, key }: SettingOrigin): { table: string; key: string } {
  const parts = key.split('.');
  const last = parts.at(-1) ?? '';
  if (route === null) return { table: `[${parts[0]}]`, key: last };
  return { table: parts.length === 1 ? `[[route]] ${route}` : `[route.${parts[0]}] ${route}`, key: last };
}

function comesFrom({ from, line, option }: SettingOrigin, file: string | null): string {
  if (from === 'option') return option ?? 'option';
  return from === 'file' ? `${file}:${line}` : 'default';
}

/** Returns the same as text: a header for each table, keys and origins in columns. */
export function explainText(config: Config): string {
  const settings = explainConfig(config);
  const width = Math.min(60, Math.max(...settings.map(({ key, value }) => `${key} = ${value}`.length)));
  const lines: string[] = [];
  let table = '';
  for (const setting of settings) {
    if (setting.table !== table) lines.push(...(table === '' ? [] : ['']), setting.table);
    table = setting.table;
    lines.push(`  ${`${setting.key} = ${setting.value}`.padEnd(width)}  ${setting.from}`);
  }
  return lines.join('\n');
}
