import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WindowSeat } from '../../src/sharing/sharing.ts';
import type { WindowFile } from '../../src/sharing/window.ts';
import { fastFolder } from './fast-folder.ts';

/** Windows of carriers that share a source. */
export interface Windows {
  readonly files: readonly WindowFile[];
  seat(own: number): WindowSeat;
  /** Of the file of a window, bytes. */
  sizeOf(seat: number): number;
  remove(): void;
}

export function makeWindows(count: number): Windows {
  const root = mkdtempSync(join(fastFolder(), 'sluice-windows-'));
  const files = Array.from({ length: count }, (_, seat) => {
    const path = join(root, String(seat));
    writeFileSync(path, '');
    const { dev, ino } = statSync(path, { bigint: true });
    return { path, device: String(dev), inode: String(ino) };
  });
  return {
    files,
    seat: (own) => ({ files, own }),
    sizeOf: (seat) => statSync(join(root, String(seat))).size,
    remove: () => rmSync(root, { recursive: true }),
  };
}
