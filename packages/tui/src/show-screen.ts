import process from 'node:process';
import { openSystemTerminal } from './blessed/system-terminal.ts';
import type { ScreenClient } from './client/screen-client.ts';
import { createExporter, systemFolders } from './export/exporter.ts';
import type { ScreenTour } from './model/model.ts';
import { runScreen } from './screen.ts';
import { canShowScreen, type ThemeOptions, themeOf } from './theme.ts';

/** How `sluice` is shown. */
export interface ShowOptions extends ThemeOptions {
  readonly isReadOnly: boolean;
  readonly hasBell: boolean;
  /** Called only if the screen can be shown. */
  readonly openClient: () => ScreenClient;
  /** Runs next to the screen. */
  readonly tour?: ScreenTour;
  /** Prints the status once. @returns the exit code */
  readonly showStatus: () => Promise<number>;
}

/** Shows the screen for `sluice` alone, on a terminal that can show one, and otherwise the status. @returns the exit code */
export async function showScreen({ isReadOnly, hasBell, openClient, tour, showStatus, ...asked }: ShowOptions): Promise<number> {
  const { env, platform } = process;
  if (!canShowScreen(env, process)) return showStatus();
  const theme = themeOf(env, platform, asked);
  return runScreen({
    terminal: openSystemTerminal(theme),
    client: openClient(),
    exporter: createExporter(systemFolders),
    theme,
    isReadOnly,
    hasBell,
    ...(tour === undefined ? {} : { tour }),
  });
}
