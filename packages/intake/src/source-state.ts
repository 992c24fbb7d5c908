import { performance } from 'node:perf_hooks';
import type { Event } from '@sluice/core';
import { limits } from './limits.ts';

/** The state of a source, as it is reported. */
export type SourceFacts = Omit<Extract<Event, { kind: 'source_state' }>, 'kind' | 'route'>;

/** Decides which states of a source are reported, by the last one that was. */
export interface ReportedState {
  /** @returns whether it is to be reported; it then counts as reported */
  isNews(facts: SourceFacts): boolean;
  last(): SourceFacts | null;
}

/** Returns a filter that has reported nothing yet. */
export function createReportedState(now: () => number = () => performance.now()): ReportedState {
  let reported: { readonly facts: SourceFacts; readonly at: number } | null = null;

  const isOther = (facts: SourceFacts): boolean => {
    if (reported === null) return true;
    const { state, code, unreadPath, cacheMs, description, freeBytes, folder } = reported.facts;
    if (state !== facts.state || code !== facts.code || unreadPath !== facts.unreadPath) return true;
    if (cacheMs !== facts.cacheMs || description !== facts.description || folder !== facts.folder) return true;
    return freeBytes !== facts.freeBytes && now() - reported.at >= limits.freeBytesEveryMs;
  };

  return {
    isNews(facts) {
      const isNews = isOther(facts);
      if (isNews) reported = { facts, at: now() };
      return isNews;
    },
    last: () => reported?.facts ?? null,
  };
}
