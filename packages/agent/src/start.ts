import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setProgramVersion } from '@sluice/child';
import { acquireAgentLock, agentFactsOf, prepareStateFolder, StateFolderMoved } from '@sluice/lock';
import { openJournal, type WritableJournal } from '@sluice/persistence';
import { exposedAbove, groupIdOf, mayBeNetwork, mountOf, readMounts, thisMachine } from '@sluice/platform';
import { askRemnants } from './children/ask-once.ts';
import { endJournaledChildren } from './children/register.ts';
import { systemClock } from './clock.ts';
import { type Agent, type AgentOptions, runAgent } from './compose.ts';
import { type EarlierHooks, endEarlierHooks, isHookRecord } from './hooks/tracking.ts';
import { RouteClaims } from './reload/claims.ts';

/**
 * Starts an agent: locks its folder and routes, opens the journal, ends processes of an earlier run, and starts everything. It
 * does not wait for any source or destination.
 *
 * @throws AlreadyRunning, RouteTaken, StateFolderError, JournalUnusable
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { config, version } = options;
  const { stateDir } = config;
  setProgramVersion(version);
  const startedAt = new Date(systemClock.wall()).toISOString();
  const groupId = config.agent.socketGroup === null ? null : groupIdOf(config.agent.socketGroup);
  prepareStateFolder(stateDir, groupId);
  for (const { folder, why } of exposedAbove(stateDir)) {
    options.log.warn(`other users may replace the state folder ${stateDir}, through ${folder}: ${why}`);
  }
  const nativeBinding = options.sqliteAddon?.(stateDir);
  const claimant = { stateDir, version, startedAt, nativeBinding };
  // An earlier agent that had the journal wrote this. After this point the lock describes the present agent.
  const hasLived = (agentFactsOf(stateDir)?.socketPath ?? null) !== null;
  const lock = acquireAgentLock({ ...claimant, groupId });
  try {
    const claims = new RouteClaims(claimant, options.log);
    await claims.claim(config);
    const journal = openJournal({ path: join(stateDir, 'journal.db'), now: systemClock.wall, nativeBinding, hasLived });
    await assertSameMachine(journal, options);
    const self = { pid: process.pid, version, startedAt, stateDir };
    const earlierHooks = await endEarlierChildren(journal, options);
    return await runAgent(options, { lock, journal, self, groupId, claims, earlierHooks });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Checks that the state folder belongs to this machine. A copy of a state folder on another machine would claim names and remove
 * leftovers that are not its own. A machine of the same name whose local disk has the folder counts as the same machine with a
 * new id, as after `systemd-machine-id-setup`.
 */
async function assertSameMachine(journal: WritableJournal, { config, log, wasMoved }: AgentOptions): Promise<void> {
  const { stateDir } = config;
  const here = await thisMachine();
  const before = journal.machine();
  if (here === null || here.id === before?.id) return;
  if (before !== null && wasMoved !== true) {
    const hasSameName = here.name === before.name;
    if (!hasSameName || isMaybeShared(stateDir)) {
      journal.close();
      throw new StateFolderMoved(stateDir, before.name, hasSameName);
    }
    log.warn(`the machine's id changed since the state folder ${stateDir} was last used; its name ${JSON.stringify(here.name)} did not`);
  }
  journal.noteMachine(here);
}

/** Returns whether other machines may use the folder too, as far as its mount shows. */
function isMaybeShared(folder: string): boolean {
  const mount = mountOf(realpathSync(folder), readMounts());
  return mount !== null && mayBeNetwork(mount.fsType);
}

/**
 * Ends the children and hooks of an earlier run, before a hook is run again.
 * @returns processes of hooks that hang
 */
async function endEarlierChildren(journal: WritableJournal, { log }: AgentOptions): Promise<EarlierHooks['stillThere']> {
  const records = journal.earlierChildren();
  const [children, hooks] = await Promise.all([
    endJournaledChildren(
      journal,
      records.filter((each) => !isHookRecord(each)),
    ),
    endEarlierHooks(records.filter(isHookRecord), askRemnants),
  ]);
  for (const record of hooks.ended) journal.forgetChild(record);
  const left = [...children, ...hooks.stillThere.map(({ owner, identity }) => ({ kind: owner.hook, pid: identity.pid }))];
  for (const { kind, pid } of left) {
    log.warn(`a process of an earlier run hangs in a system call and cannot be ended: ${kind} ${pid}`);
  }
  for (const { hook, route } of hooks.hooks) {
    const whose = route === null ? '' : `${route}: `;
    log.warn(`${whose}ended ${hook}, which an earlier run of the agent had left running, and what it had started`);
  }
  return hooks.stillThere;
}
