import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** @returns a folder for this process alone, resolved; it goes when the process ends */
export function temporaryFolder(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `sluice-${name}-`)));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
