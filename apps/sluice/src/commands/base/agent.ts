import { type Surroundings, surroundings } from '@sluice/config';
import { type ControlClient, connectAgent } from '@sluice/control';
import { limits } from '../../limits.ts';
import { executableFolder } from './stick.ts';

/** Options of every command that has to find an agent or its journal. */
export interface WhereOptions {
  readonly config?: string;
  readonly state?: string;
}

/** Returns the surroundings of this process. */
export function around(): Surroundings {
  return surroundings(executableFolder());
}

/** Asks the running agent, and closes the connection in any case. @throws NotRunning, Refused, TimedOut */
export async function withAgent<Answer>(where: WhereOptions, ask: (client: ControlClient) => Promise<Answer>): Promise<Answer> {
  const client = await connectAgent({ ...where, around: around() }, limits.agentAnswerMs);
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}
