import { unreachable } from '@sluice/core/model';
import type { Intent } from '../model/model.ts';
import type { Side, Starter, TypedFolders } from '../model/starter.ts';
import type { AgentMessage } from './screen-client.ts';

/** Intents while no agent runs. */
export type StarterIntent = Extract<Intent, { readonly do: 'offer' | 'start_agent' | 'check_folder' | 'write_config' }>;

const starterIntents: ReadonlySet<Intent['do']> = new Set<StarterIntent['do']>(['offer', 'start_agent', 'check_folder', 'write_config']);

/** Returns whether an intent is one for the starter. */
export function isStarterIntent(intent: Intent): intent is StarterIntent {
  return starterIntents.has(intent.do);
}

/** Carries out an intent. Never rejects: an error is part of the answer. */
export function performedBy(starter: Starter, intent: StarterIntent): Promise<AgentMessage> {
  switch (intent.do) {
    case 'offer':
      return offered(starter);
    case 'start_agent':
      return started(starter);
    case 'check_folder':
      return checked(starter, intent.side, intent.folders);
    case 'write_config':
      return written(starter, intent.folders);
    default:
      return unreachable(intent);
  }
}

async function offered(starter: Starter): Promise<AgentMessage> {
  return { kind: 'offer', offer: await starter.offer() };
}

async function started(starter: Starter): Promise<AgentMessage> {
  try {
    await starter.start();
    return { kind: 'agent_started', trouble: null };
  } catch (error) {
    return { kind: 'agent_started', trouble: messageOf(error) };
  }
}

async function checked(starter: Starter, side: Side, folders: TypedFolders): Promise<AgentMessage> {
  const typed = folders[side];
  try {
    return { kind: 'folder', side, typed, check: await starter.check(side, folders) };
  } catch (error) {
    return { kind: 'folder', side, typed, check: { path: typed, text: messageOf(error), verdict: 'impossible' } };
  }
}

async function written(starter: Starter, folders: TypedFolders): Promise<AgentMessage> {
  try {
    await starter.write(folders);
    return { kind: 'config_written', offer: await starter.offer() };
  } catch (error) {
    return { kind: 'config_refused', trouble: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
