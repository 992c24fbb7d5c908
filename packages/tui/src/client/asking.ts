import { ControlError, type EvidenceJson, type FileOutcome, type Replies, type RouteOutcome, type Who } from '@sluice/control';
import type { LogPage } from '../model/dialogs.ts';
import type { FileAction, FileStory, HistoryRange } from '../model/model.ts';
import { linkLimits } from './limits.ts';
import { askLineage } from './lineage.ts';
import type { AgentLink } from './link.ts';
import { askPast, type Past } from './past.ts';

/** The requests of a screen. Each throws ControlError if the agent refuses it, Disconnected or TimedOut. */
export interface AgentAsking {
  act(action: FileAction, id: string): Promise<FileOutcome>;
  hold(route: string): Promise<RouteOutcome>;
  release(route: string): Promise<RouteOutcome>;
  adopt(route: string): Promise<RouteOutcome>;
  /** Acknowledges all files of a route that vanished before they were copied. */
  acknowledge(route: string): Promise<RouteOutcome>;
  evidence(route: string): Promise<EvidenceJson>;
  /** Returns the file and its lineage. */
  show(id: string): Promise<readonly FileStory[]>;
  log(page: LogPage): Promise<Replies['log']>;
  settings(): Promise<Replies['settings']>;
  /** Returns the history. If several are requested, the newest counts, and the others get null. */
  history(range: HistoryRange, filter: string): Promise<Past | null>;
}

/** Returns requests over a link. @param who requests the actions, for the journal */
export function askingOver(link: Pick<AgentLink, 'request'>, who: Who, now: () => number): AgentAsking {
  let historiesAsked = 0;
  const steer = async (doing: 'hold' | 'release' | 'adopt' | 'acknowledge', route: string): Promise<RouteOutcome> => {
    const { results } = await link.request('steer', { do: doing, routes: [route], who });
    return only(results, route);
  };
  return {
    act: async (action, id) => {
      const { results } = await link.request('act', { do: action, files: [id], who });
      return only(results, id);
    },
    hold: (route) => steer('hold', route),
    release: (route) => steer('release', route),
    adopt: (route) => steer('adopt', route),
    acknowledge: (route) => steer('acknowledge', route),
    evidence: (route) => link.request('evidence', { route }, { deadlineMs: linkLimits.evidenceDeadlineMs }),
    show: (id) => askLineage(link, id),
    log: (page) => link.request('log', { ...page, limit: linkLimits.logPage }),
    settings: () => link.request('settings', {}),
    history: (range, filter) => {
      historiesAsked += 1;
      const asked = historiesAsked;
      return askPast(link, { range, filter, now: now() }, () => asked === historiesAsked);
    },
  };
}

function only<Outcome>([outcome]: readonly Outcome[], asked: string): Outcome {
  if (outcome === undefined) throw new ControlError('not_found', `the agent knows no file ${JSON.stringify(asked)}`);
  return outcome;
}
