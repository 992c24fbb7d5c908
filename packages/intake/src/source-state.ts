import { performance } from 'node:perf_hooks';
import type { Event } from '@sluice/core';

export type SourceFacts = Omit<Extract<Event, { kind: 'source_state' }>, 'kind' | 'route'>;

/** Free bytes change all the time: they are told so often at most. */
const freeBytesEveryMs = 5_000;

/** Decides what of a source's state is worth telling. */
export interface ToldState {
  /** @returns whether it is to be told; it counts as told then */
  isNews(facts: SourceFacts): boolean;
  last(): SourceFacts | null;
}

export function createToldState(now: () => number = () => performance.now()): ToldState {
  let told: { readonly facts: SourceFacts; readonly at: number } | null = null;

  const isOther = (facts: SourceFacts): boolean => {
    if (told === null) return true;
    const { state, code, unreadPath, cacheMs, description, freeBytes } = told.facts;
    if (state !== facts.state || code !== facts.code || unreadPath !== facts.unreadPath) return true;
    if (cacheMs !== facts.cacheMs || description !== facts.description) return true;
    return freeBytes !== facts.freeBytes && now() - told.at >= freeBytesEveryMs;
  };

  return {
    isNews(facts) {
      const isNews = isOther(facts);
      if (isNews) told = { facts, at: now() };
      return isNews;
    },
    last: () => told?.facts ?? null,
  };
}
