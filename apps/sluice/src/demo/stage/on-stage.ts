import process from 'node:process';
import { exitCode } from '@sluice/words';
import { type Stage, type StageOptions, setStage } from './stage.ts';

const codes = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated, SIGHUP: exitCode.hungUp } as const;

/**
 * Runs `play` on a stage, and removes the stage afterwards, even if a signal or an error ends it.
 * @param play ends when its signal is aborted; its exit code counts if no signal came
 * @returns the exit code
 */
export async function onStage(options: StageOptions, play: (stage: Stage, signal: AbortSignal) => Promise<number>): Promise<number> {
  const ending = new AbortController();
  let code: number | null = null;
  const listeners = Object.entries(codes).map(([signal, signalCode]) => {
    const listener = (): void => {
      code ??= signalCode;
      ending.abort();
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  try {
    const stage = await setStage(options);
    try {
      const played = await play(stage, ending.signal);
      return code ?? played;
    } finally {
      await stage.clearAway();
    }
  } catch (error) {
    if (code !== null && error instanceof Error && error.name === 'AbortError') return code;
    throw error;
  } finally {
    for (const { signal, listener } of listeners) process.removeListener(signal, listener);
  }
}
