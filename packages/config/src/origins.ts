import { type RouteName, routeName } from '@sluice/core/model';
import { type KeyPath, type Position, positionOf } from './problems/positions.ts';
import type { RawConfig, SettingOrigin } from './routes/config.ts';
import { catalogue, rateSettings, type Setting } from './schema/catalogue.ts';
import type { GivenOption } from './schema/options.ts';
import type { FileConfig, RouteTable } from './schema/schema.ts';

/** The state folder, and the option or default that it comes from. */
interface ChosenStateDir {
  readonly stateDir: string;
  readonly wasGiven: boolean;
}

/** Returns where every effective setting came from, in the order of the contract. */
export function settingOrigins(raw: RawConfig, given: readonly GivenOption[], config: FileConfig, state: ChosenStateDir): SettingOrigin[] {
  const own = catalogue.filter(({ target }) => target !== 'route').map((setting) => ownOrigin(raw, given, setting, config, state));
  const ofRoutes = config.route.flatMap((route, index) => [
    ...catalogue
      .filter(({ target }) => target === 'route')
      .map((setting) => ({
        ...originAt(raw, given, setting, ['route', index, ...setting.path]),
        route: routeName(route.name),
        key: setting.path.join('.'),
        inForce: jsonAt(route, setting.path),
      })),
    ...route.rate.map((row, number) => rateOrigin(raw, row, routeName(route.name), ['route', index, 'rate', number])),
  ]);
  return [...own, ...ofRoutes];
}

/** A whole `[[route.rate]]` counts as one setting. */
function rateOrigin(raw: RawConfig, row: RouteTable['rate'][number], route: RouteName, path: KeyPath): SettingOrigin {
  const written = rateSettings.flatMap((setting) => {
    const key = setting.path.at(-1) ?? '';
    const position = exactPosition(raw, [...path, key]);
    return position === null ? [] : [`${key} = ${position.raw}`];
  });
  const line = positionOf(raw.toml, path)?.line ?? null;
  const value = `{ ${written.join(', ')} }`;
  return { route, key: 'rate', value, inForce: JSON.stringify(row), from: 'file', line, option: null };
}

/** Returns a value of the checked configuration as JSON. */
function jsonAt(table: object, path: readonly string[]): string {
  const value = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], table);
  return JSON.stringify(value);
}

function ownOrigin(
  raw: RawConfig,
  given: readonly GivenOption[],
  setting: Setting,
  config: FileConfig,
  state: ChosenStateDir,
): SettingOrigin {
  const path = [setting.target, ...setting.path];
  const inForce = path.join('.') === 'agent.state_dir' ? JSON.stringify(state.stateDir) : jsonAt(config, path);
  const origin = { ...originAt(raw, given, setting, path), route: null, key: path.join('.'), inForce };
  if (origin.key !== 'agent.state_dir') return origin;
  if (state.wasGiven) return { ...origin, value: JSON.stringify(state.stateDir), from: 'option', line: null, option: '--state' };
  return origin.value === '""' ? { ...origin, value: JSON.stringify(state.stateDir), from: 'default', line: null } : origin;
}

type Written = Omit<SettingOrigin, 'route' | 'key' | 'inForce'>;

function originAt(raw: RawConfig, given: readonly GivenOption[], setting: Setting, path: KeyPath): Written {
  const chosen = given.find(({ option }) => option.setting === setting);
  if (chosen !== undefined)
    return {
      value: JSON.stringify(chosen.value),
      from: 'option',
      line: null,
      option: `--${chosen.value === false ? 'no-' : ''}${chosen.option.name}`,
    };
  const position = exactPosition(raw, path);
  if (position !== null) return { value: position.raw, from: 'file', line: position.line, option: null };
  const byFolder = raw.file === null ? fromFolders(raw, setting) : null;
  return byFolder ?? { value: JSON.stringify(setting.unless), from: 'default', line: null, option: null };
}

/** `--from` and `--to` stand for the keys of a route that is in no file. */
function fromFolders(raw: RawConfig, { target, path }: Setting): Written | null {
  const option = target === 'route' && path[0] === 'source' ? '--from' : target === 'route' && path[0] === 'destination' ? '--to' : null;
  if (option === null) return null;
  const [route] = raw.toml.value['route'] as [Record<string, string>];
  return { value: JSON.stringify(route[path[0] ?? '']), from: 'option', line: null, option };
}

function exactPosition(raw: RawConfig, path: KeyPath): Position | null {
  const position = positionOf(raw.toml, path);
  return position === null || position.raw === '' ? null : position;
}
