import type { JournalImage, JournalRecord } from '@sluice/core';
import type { RouteName } from '@sluice/core/model';

type Outage = NonNullable<JournalImage['outages']>[number];

/** Returns the outages of these records that have not ended, as a part of an image. Empty: there are none. */
export function presentOutages(records: readonly JournalRecord[]): Pick<JournalImage, 'outages'> {
  const open = new Map<RouteName, Outage>();
  for (const record of records) {
    if (record.kind !== 'gate') continue;
    const { at, event, route } = record;
    if (event.kind === 'gate_opened') open.delete(route);
    else if (!open.has(route)) open.set(route, { route, destination: event.destination, since: at });
  }
  return open.size === 0 ? {} : { outages: [...open.values()] };
}
