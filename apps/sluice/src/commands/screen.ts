import { connectAgent } from '@sluice/control';
import { assertNotOnStick } from '../kit/stick.ts';
import { around, type ConfigOptions } from './options.ts';
import { createStarter } from './starter.ts';
import { status } from './status.ts';
import { giver } from './who.ts';

export interface ScreenOptions extends ConfigOptions {
  readonly readOnly?: boolean;
  readonly bell?: boolean;
  readonly ascii?: boolean;
  readonly unicode?: boolean;
}

const connectMs = 2_000;

/** `sluice` alone: the screen of the running agent; without a terminal that can show one, its status. @returns the exit code */
export async function screen(options: ScreenOptions): Promise<number> {
  assertNotOnStick(options);
  const [{ showScreen }, { openScreenClient }] = await Promise.all([
    import('../screen/show-screen.ts'),
    import('../screen/client/open-screen-client.ts'),
  ]);
  return await showScreen({
    isReadOnly: options.readOnly === true,
    hasBell: options.bell === true,
    ...(options.ascii === true || options.unicode === true ? { unicode: options.unicode === true } : {}),
    openClient: () =>
      openScreenClient({
        connect: () => connectAgent({ ...options, around: around() }, connectMs),
        who: giver(undefined),
        starter: createStarter(options),
      }),
    tellStatus: () => status(options),
  });
}
