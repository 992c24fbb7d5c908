import { type ControlClient, ControlError, type Replies, type Who } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import type { LogPage } from '../model/dialogs.ts';
import type { HistoryRange, Message } from '../model/model.ts';
import type { SafeAsker } from '../model/safe.ts';
import type { Starter } from '../model/starter.ts';
import { type ScreenTime, systemTime } from '../model/time.ts';
import { type AgentAsking, askingOver } from './asking.ts';
import { linkLimits } from './limits.ts';
import { openAgentLink } from './link.ts';
import type { Past } from './past.ts';
import { isSafeIntent, type SafeIntent, SafeRun } from './safe-run.ts';
import type { AgentIntent, AgentMessage, ScreenClient } from './screen-client.ts';
import { isStarterIntent, performedBy, type StarterIntent } from './starting.ts';

/** The options of a client of the screen. */
export interface ScreenClientOptions {
  /** Finds the agent, wherever it runs now. */
  readonly connect: () => Promise<ControlClient>;
  /** Who requests actions, for the journal. */
  readonly who: Who;
  /** Null: no agent can be started from here. */
  readonly starter?: Starter | null;
  /** Null: sources cannot be checked from here. */
  readonly safe?: SafeAsker | null;
  readonly time?: ScreenTime;
}

/** Returns the agent as the screen sees it: the result of everything is a message. */
export function openScreenClient({ connect, who, starter = null, safe = null, time = systemTime }: ScreenClientOptions): ScreenClient {
  const early: AgentMessage[] = [];
  let isOver = false;
  let report: (message: AgentMessage) => void = (message) => {
    if (early.length < linkLimits.earlyMessages) early.push(message);
  };
  const say = (message: AgentMessage): void => {
    if (!isOver) report(message);
  };
  const link = openAgentLink({
    connect,
    time,
    onLink: (state) => say({ kind: 'link', link: state }),
    onFrame: (frame) => say({ kind: 'frame', frame }),
    onLog: (note) => say({ kind: 'log', note }),
    onLogged: (notes) => say({ kind: 'logged', notes }),
    onRefused: (why) => say({ kind: 'done', text: why, isBad: true }),
  });
  const safeRun = new SafeRun(safe, say);
  const asking = askingOver(link, who, () => time.now());
  const begin = async (intent: StarterIntent): Promise<void> => {
    if (starter === null) return say(failed('this screen cannot start an agent; run "sluice start"'));
    say(await performedBy(starter, intent));
    // The agent runs now, so connect at once, not after the pause.
    if (intent.do === 'start_agent') link.again();
  };
  return {
    onMessage(listener) {
      report = listener;
      for (const message of early.splice(0)) listener(message);
    },
    watchWindow: (window) => link.watchWindow(window),
    perform(intent) {
      if (isStarterIntent(intent)) void begin(intent);
      else if (isSafeIntent(intent)) safeRun.perform(intent);
      else void performed(asking, intent).then((message) => message !== null && say(message));
    },
    close() {
      isOver = true;
      safeRun.cancel();
      link.close();
    },
  };
}

const isOlder = (error: unknown): boolean => error instanceof ControlError && error.kind === 'unknown_method';
const olderAgent = 'the agent is of an older version and does not report its settings; "sluice check" reads them from the file';

type Asked = Exclude<AgentIntent, StarterIntent | SafeIntent>;

/** @returns null for a result that nobody waits for any more */
async function performed(asking: AgentAsking, intent: Asked): Promise<AgentMessage | null> {
  try {
    return await answered(asking, intent);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (intent.do === 'history') return { kind: 'no_history', range: intent.range, why };
    if (intent.do === 'log') return { kind: 'no_log_page', page: intent.page, why };
    if (intent.do === 'settings') return { kind: 'settings', settings: null, trouble: isOlder(error) ? olderAgent : why };
    return failed(`cannot ${wordsOf(intent)}: ${why}`);
  }
}

async function answered(asking: AgentAsking, intent: Asked): Promise<AgentMessage | null> {
  switch (intent.do) {
    case 'act':
      return outcome(intent, await asking.act(intent.action, intent.id), `${intent.name}: ${actions[intent.action]}`);
    case 'hold':
      return outcome(intent, await asking.hold(intent.route), `${intent.route}: held: no new copies start, running copies finish`);
    case 'release':
      return outcome(intent, await asking.release(intent.route), `${intent.route}: released`);
    case 'adopt':
      return outcome(intent, await asking.adopt(intent.route), `${intent.route} uses this disk from now on`);
    case 'evidence':
      return { kind: 'evidence', evidence: await asking.evidence(intent.route) };
    case 'show':
      return { kind: 'shown', id: intent.id, files: await asking.show(intent.id) };
    case 'acknowledge':
      return outcome(intent, await asking.acknowledge(intent.route), `${intent.route}: everything is acknowledged`);
    case 'log':
      return ofLog(intent.page, await asking.log(intent.page));
    case 'settings':
      return { kind: 'settings', settings: (await asking.settings()).settings, trouble: null };
    case 'history':
      return ofPast(intent.range, await asking.history(intent.range, intent.filter));
    default:
      return unreachable(intent);
  }
}

function ofPast(range: HistoryRange, past: Past | null): AgentMessage | null {
  return past === null ? null : { kind: 'history', range, ...past };
}

/** Returns the message for a page of the log. An older agent has no pages, only its newest lines. */
function ofLog(page: LogPage, { notes, next = null }: Replies['log']): AgentMessage {
  return { kind: 'log_page', page, notes, next };
}

const actions = {
  retry: 'will be tried again now',
  skip: 'skipped until it is retried',
  first: 'moved to the front',
  acknowledge: 'acknowledged: it no longer counts as trouble',
} as const;

type Done = Extract<Message, { kind: 'done' }>;

function outcome(intent: Asked, { refused }: { readonly refused: string | null }, done: string): Done {
  return refused === null ? { kind: 'done', text: done, isBad: false } : failed(`cannot ${wordsOf(intent)}: ${refused}`);
}

function failed(text: string): Done {
  return { kind: 'done', text, isBad: true };
}

/** Returns what was requested, in the form that follows "cannot". */
function wordsOf(intent: Asked): string {
  switch (intent.do) {
    case 'act':
      return intent.action === 'first' ? `copy ${intent.name} first` : `${intent.action} ${intent.name}`;
    case 'evidence':
      return `check the destination of ${intent.route}`;
    case 'show':
      return 'show the file';
    case 'history':
      return 'show the history';
    case 'log':
      return 'show the log';
    case 'settings':
      return 'show the settings';
    case 'acknowledge':
      return `acknowledge the lost files of ${intent.route}`;
    case 'hold':
    case 'release':
    case 'adopt':
      return `${intent.do} ${intent.route}`;
    default:
      return unreachable(intent);
  }
}
