import { type ControlClient, connectAgent } from '@sluice/control';
import { around, type WhereOptions } from './options.ts';

const deadlineMs = 2_000;

/** Asks the running agent; the connection is closed whatever comes of it. @throws NotRunning, Refused, TimedOut */
export async function withAgent<Answer>(where: WhereOptions, ask: (client: ControlClient) => Promise<Answer>): Promise<Answer> {
  const client = await connectAgent({ ...where, around: around() }, deadlineMs);
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}
