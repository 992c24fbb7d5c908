import type { SettingsDialog } from '../../model/dialogs.ts';
import type { Model } from '../../model/model.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, fitted, type Line, piece, widthOf } from '../../picture/pieces/pieces.ts';
import type { LazyLine } from '../../picture/pieces/scrolled.ts';
import { paragraphLines, titledLines, type ViewTitle } from './titled.ts';

type Setting = NonNullable<SettingsDialog['settings']>[number];

/** Returns each setting with its value and its origin, in exactly `height` lines. */
export function settingsLines(model: Model, dialog: SettingsDialog, height: number, theme: Theme): readonly Line[] {
  const { columns } = model.size;
  return titledLines(titleOf(dialog), settingsBody(model, dialog, theme), dialog.scroll, { columns, height }, theme);
}

function titleOf({ settings, hidesDefaults, trouble }: SettingsDialog): ViewTitle {
  const name = 'SETTINGS';
  if (trouble !== null) return { name, text: trouble, tone: 'bad' };
  if (settings === null) return { name, text: 'loading', tone: 'busy' };
  const file = fileOf(settings);
  const from = file === null ? '' : `; sluice.toml is ${file}`;
  return { name, text: `${hidesDefaults ? 'those that a file or an option sets' : 'in force'}${from}`, tone: 'dim' };
}

/** Returns everything below the title. */
export function settingsBody(model: Model, { settings, hidesDefaults }: SettingsDialog, theme: Theme): readonly LazyLine[] {
  const { columns } = model.size;
  const shown = (settings ?? []).filter(({ from }) => !hidesDefaults || from !== 'default');
  if (settings !== null && shown.length === 0) return [() => [piece(' every setting has its default', 'plain', theme)]];
  const divided = columnsOf(shown, columns);
  return shown.flatMap((setting, index) => {
    const isNew = setting.table !== shown[index - 1]?.table;
    const title: LazyLine[] = isNew
      ? [...(index === 0 ? [] : [(): Line => []]), (): Line => [fitted(` ${setting.table}`, columns, 'title', theme)]]
      : [];
    return [...title, ...settingLines(setting, divided, columns, theme).map((line) => () => line)];
  });
}

/** Returns the configuration file, if a setting comes from one. */
function fileOf(settings: readonly Setting[]): string | null {
  const lines = settings.flatMap(({ from }) => /^(.+):\d+$/.exec(from)?.[1] ?? []);
  return lines[0] ?? null;
}

/** The widths of the columns: one for keys and values, one for origins. If `origins` is 0, each origin has its own line. */
interface SettingColumns {
  readonly values: number;
  readonly origins: number;
}

function columnsOf(settings: readonly Setting[], columns: number): SettingColumns {
  if (columns < wideColumns) return { values: columns, origins: 0 };
  const most = (lengths: readonly number[]): number => lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const origins = Math.min(most(settings.map(({ from }) => shortOrigin(from).length)) + 2, Math.floor(columns * originShare));
  const longest = most(settings.map(({ key, value }) => key.length + value.length + 8));
  return { values: Math.min(columns - origins, Math.max(longest, fewestColumns)), origins };
}

const wideColumns = 60;
const originShare = 0.45;
const fewestColumns = 40;

/** Returns the name of the file and the line. The folder is left out, because it is the same for all. */
function shortOrigin(from: string): string {
  return from.slice(Math.max(from.lastIndexOf('/'), from.lastIndexOf('\\')) + 1);
}

/** Returns the lines of a setting. Default values are dim, so that the others stand out. */
function settingLines({ key, value, from }: Setting, { values, origins }: SettingColumns, columns: number, theme: Theme): readonly Line[] {
  const isDefault = from === 'default';
  const [first = [], ...rest] = valueLines(key, value, isDefault ? 'dim' : 'plain', values, theme);
  const origin = shortOrigin(from);
  const tone = isDefault ? 'dim' : 'key';
  if (origins === 0) return [first, ...rest, ...(isDefault ? [] : [[fitted(`     ${origin}`, columns, tone, theme)]])];
  return [[...first, blank(values - widthOf(first)), fitted(origin, origins - 1, tone, theme), blank(1)], ...rest];
}

/** Returns the key and its value. A value that does not fit next to its key is put on its own lines. */
function valueLines(key: string, value: string, tone: Tone, columns: number, theme: Theme): readonly Line[] {
  const whole = piece(`${key} = ${value}`, tone, theme);
  if (whole.width + 4 <= columns) return [[blank(3), whole]];
  return [...paragraphLines(`${key} =`, 3, tone, columns, theme).slice(0, 1), ...paragraphLines(value, 5, tone, columns, theme)];
}
