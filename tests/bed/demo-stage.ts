import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pty } from '../../packages/tui/test/blessed/pty.ts';
import { program } from './program.ts';

/** A terminal on which `sluice demo` runs, with a separate folder for temporary files. */
export interface DemoStage {
  /** The demo's folder for temporary files. */
  readonly folder: string;
  readonly pty: Pty;
  shows(pattern: RegExp, withinMs?: number): Promise<void>;
  /** Ends what still runs, and removes the folder. */
  remove(): void;
}

/** The tour runs at the pace of a reader. */
export const playedWithinMs = 120_000;

/** Starts `sluice demo` on a new terminal. */
export function startDemo(env: Readonly<Record<string, string>> = {}): DemoStage {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  const pty = new Pty([...program, 'demo', '--seconds', '12'], { TMPDIR: folder, ...env }, 110, 34);
  return {
    folder,
    pty,
    shows: (pattern, withinMs = playedWithinMs) => pty.until(() => pattern.test(pty.text()), String(pattern), withinMs),
    remove: () => {
      pty.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
