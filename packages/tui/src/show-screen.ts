import process from 'node:process';
import { openSystemTerminal } from './blessed/system-terminal.ts';
import type { ScreenClient } from './client/screen-client.ts';
import { createExporter, systemFolders } from './export/exporter.ts';
import type { ScreenTour } from './model/model.ts';
import { runScreen } from './screen.ts';
import { canShowScreen, type ThemeOptions, themeOf } from './theme.ts';

export interface ShowOptions extends ThemeOptions {
  readonly isReadOnly: boolean;
  readonly hasBell: boolean;
  /** Called where there is a screen to show only. */
  readonly openClient: () => ScreenClient;
  /** Plays next to the screen. */
  readonly tour?: ScreenTour;
  /** Tells how things stand, once, in lines. @returns the exit code */
  readonly showStatus: () => Promise<number>;
}

/** `sluice` alone: the screen, on a terminal that can show one, else the status. @returns the exit code */
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
