import { platform } from 'node:process';
import { measureAgentSide } from './agent-side.ts';
import { measureClients } from './clients.ts';
import type { Figure } from './figure.ts';
import { measureScreenProcess } from './screen-process.ts';
import { measureScreenSide } from './screen-side.ts';

/** Measures every figure that is promised of the screen. Other processes are measured by /proc, which only Linux has. */
export async function* benchScreen(): AsyncGenerator<readonly Figure[]> {
  yield await measureScreenSide();
  if (platform === 'linux') yield await measureScreenProcess();
  yield await measureClients();
  yield await measureAgentSide();
}
