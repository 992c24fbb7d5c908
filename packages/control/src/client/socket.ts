import { existsSync, statSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import process from 'node:process';
import { agentFactsOf, agentLockPath } from '@sluice/lock';
import { errnoOf, userNameOf, wakingClock } from '@sluice/platform';
import { ownerAddress, standardAddress } from '../protocol/address.ts';
import { NotRunning, Refused, TimedOut } from '../protocol/errors.ts';

/**
 * Opens a connection to the agent of a state folder. The caller listens for the socket's errors.
 * @throws NotRunning, Refused, TimedOut
 */
export async function openSocket(stateDir: string, deadlineMs: number): Promise<Socket> {
  for (const find of [standardAddress, namedAddress]) {
    const address = find(stateDir);
    if (address === null) continue;
    const own = ownerAddress(address);
    // If a group may use the shared socket, this one has places reserved for the agent's user and root.
    const viaOwn = own === null || !existsSync(own) ? 'ENOENT' : await connect(own, deadlineMs);
    if (typeof viaOwn !== 'string') return viaOwn;
    const result = await connect(address, deadlineMs);
    if (typeof result !== 'string') return result;
    if (result === 'EACCES' || result === 'EPERM') throw new Refused(stateDir, ownerOf(address) ?? ownerOf(stateDir));
    if (result === 'ETIMEDOUT' || result === 'EAGAIN') throw new TimedOut('a connection', deadlineMs);
  }
  throw new NotRunning([stateDir]);
}

/** Returns where the agent says that its socket is. */
function namedAddress(stateDir: string): string | null {
  try {
    return agentFactsOf(stateDir)?.socketPath ?? null;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EACCES' || code === 'EPERM') throw new Refused(stateDir, ownerOf(agentLockPath(stateDir)) ?? ownerOf(stateDir));
    return null;
  }
}

/**
 * Returns the owner of a path that refused this user. In a folder that others may write to, a lock may have another owner than the
 * folder.
 */
function ownerOf(path: string): string | null {
  if (process.platform === 'win32') return null;
  try {
    return userNameOf(statSync(path).uid);
  } catch {
    return null;
  }
}

/** @returns the socket, or the code of the error */
function connect(address: string, deadlineMs: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = net.connect({ path: address });
    const callOff = wakingClock.after(deadlineMs, () => {
      socket.destroy();
      resolve('ETIMEDOUT');
    });
    const settle = (result: Socket | string) => {
      callOff();
      socket.off('connect', connected);
      resolve(result);
    };
    const connected = () => settle(socket);
    socket.once('connect', connected);
    socket.on('error', (error) => settle(errnoOf(error)));
  });
}
