import process from 'node:process';
import { openSystemTerminal } from './blessed/system-terminal.ts';
import type { ScreenClient } from './client/screen-client.ts';
import { createExporter, systemPlaces } from './export/exporter.ts';
import { canShowScreen, type LookOptions, lookOf } from './look.ts';
import type { ScreenTour } from './model/model.ts';
import { runScreen } from './screen.ts';

export interface ShowOptions extends LookOptions {
  readonly isReadOnly: boolean;
  readonly hasBell: boolean;
  /** Called where there is a screen to show only. */
  readonly openClient: () => ScreenClient;
  /** Plays beside it. */
  readonly tour?: ScreenTour;
  /** Tells how things stand, once, in lines. @returns the exit code */
  readonly tellStatus: () => Promise<number>;
}

/** `sluice` alone: the screen, on a terminal that can show one, else the status. @returns the exit code */
export async function showScreen({ isReadOnly, hasBell, openClient, tour, tellStatus, ...asked }: ShowOptions): Promise<number> {
  const { env, platform } = process;
  if (!canShowScreen(env, process)) return tellStatus();
  const look = lookOf(env, platform, asked);
  return runScreen({
    terminal: openSystemTerminal(look),
    client: openClient(),
    exporter: createExporter(systemPlaces),
    look,
    isReadOnly,
    hasBell,
    ...(tour === undefined ? {} : { tour }),
  });
}
