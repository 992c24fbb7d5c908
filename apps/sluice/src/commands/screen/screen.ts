import { connectAgent } from '@sluice/control';
import { limits } from '../../limits.ts';
import { giver } from '../../requester.ts';
import { createSafeAsker } from '../../safe-asker.ts';
import { stateDirWithJournal } from '../ask/agent-or-journal.ts';
import { status } from '../ask/status.ts';
import { around, type ConfigOptions } from '../base/options.ts';
import { assertNotOnStick } from '../base/stick.ts';
import { createStarter } from './starter.ts';

/** Options of `sluice` alone. */
export interface ScreenOptions extends ConfigOptions {
  readonly readOnly?: boolean;
  readonly bell?: boolean;
  readonly ascii?: boolean;
  readonly unicode?: boolean;
}

/**
 * Runs `sluice` alone: the screen of the running agent, or on a terminal that cannot show one its status.
 * @returns the exit code
 */
export async function screen(options: ScreenOptions): Promise<number> {
  assertNotOnStick(options);
  const { openScreenClient, showScreen } = await import('@sluice/tui');
  let connectedTo: string | null = null;
  return await showScreen({
    isReadOnly: options.readOnly === true,
    hasBell: options.bell === true,
    ...(options.ascii === true || options.unicode === true ? { unicode: options.unicode === true } : {}),
    openClient: () =>
      openScreenClient({
        connect: async () => {
          const client = await connectAgent({ ...options, around: around() }, limits.agentAnswerMs);
          connectedTo = client.stateDir;
          return client;
        },
        who: giver(undefined),
        starter: createStarter(options),
        safe: createSafeAsker(() => connectedTo ?? stateDirWithJournal(options)),
      }),
    showStatus: () => status(options),
  });
}
