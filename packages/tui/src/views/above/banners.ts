import type { ConditionJson, ScreenFrame } from '@sluice/control';
import { clockText, sourceTrouble } from '@sluice/words';
import { inOrder } from '../../conditions/conditions.ts';
import type { Link, Model } from '../../model/model.ts';
import { momentOf, shownFrame } from '../../model/shown.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { fitted, type Line, piece } from '../../picture/pieces/pieces.ts';
import { firstFitting } from '../../picture/text/cut-text.ts';
import { offlineText } from './offline-banner.ts';

interface Banner {
  readonly text: string;
  readonly tone: Tone;
}

/** Returns what is wrong, one row for each: an old picture, outages, sources in trouble. Empty if nothing is. */
export function bannerLines(model: Model, theme: Theme): readonly Line[] {
  const { columns } = model.size;
  const banners = [...stale(model), ...troubles(model, theme)];
  const limit = maxBanners(model.size.rows) - (model.tour === null ? 0 : 1);
  const left = banners.length - limit + 1;
  const shown =
    banners.length <= limit ? banners : [...banners.slice(0, limit - 1), { text: `!! and ${left} more`, tone: 'alarm' as const }];
  return shown.map(({ text, tone }) => [fitted(text, columns, tone, theme)]);
}

/** The list keeps its room. */
function maxBanners(rows: number): number {
  if (rows < 16) return 2;
  return rows < 30 ? 3 : 6;
}

function stale({ link, frame, isReadOnly }: Model): readonly Banner[] {
  if (link.kind !== 'lost' || frame === null) return [];
  return [{ text: `!! STALE since ${clockText(link.sinceAt)}: ${whyStale(link, isReadOnly)}`, tone: 'alarm' }];
}

function whyStale({ cause, why }: Extract<Link, { kind: 'lost' }>, isReadOnly: boolean): string {
  if (cause === 'not_running') return isReadOnly ? 'no agent is running' : 'no agent is running; o starts one';
  return cause === 'refused' ? why : `the agent does not answer (${why})`;
}

function troubles(model: Model, theme: Theme): readonly Banner[] {
  const frame = shownFrame(model);
  if (frame === null) return [];
  const alarms = [...outages(frame, model, theme), ...sources(frame, momentOf(model)), ...others(frame)];
  const notices = holds(frame, model);
  const isSaid = frame.verdict.ok || alarms.length > 0 || (frame.conditions === undefined && notices.length > 0);
  return [...alarms, ...(isSaid ? [] : [{ text: `!! ${frame.verdict.text}`, tone: 'alarm' as const }]), ...notices];
}

/** Returns a row for each condition that has none with more figures: files that need a person, no room, a full disk of the journal. */
function others({ conditions, routes }: ScreenFrame): readonly Banner[] {
  return inOrder(conditions ?? []).flatMap(({ kind, route: name, text, called }) => {
    const route = routes.find((each) => each.name === name);
    const hasRow = kind === 'source_away' ? route?.sourceState.state !== 'ok' : ofTheGate.has(kind) && route?.gate.state === 'closed';
    if (hasRow || (kind === 'source_nearly_full' && !called)) return [];
    return [{ text: `!! ${name === null ? '' : `${name}: `}${text}`, tone: 'alarm' as const }];
  });
}

/** What closes the gate of a route. */
const ofTheGate: ReadonlySet<ConditionJson['kind']> = new Set(['wrong_disk', 'destination_offline', 'destination_read_only']);

function outages(frame: ScreenFrame, model: Model, theme: Theme): readonly Banner[] {
  const closed = frame.routes.filter(({ gate }) => gate.state === 'closed');
  return closed.map((route) => ({
    text: offlineText(route, momentOf(model), model.size.columns, theme),
    tone: route.gate.cause === 'unknown' ? 'notice' : 'alarm',
  }));
}

function holds({ routes }: ScreenFrame, { isReadOnly }: Model): readonly Banner[] {
  return routes.flatMap(({ name, hold }) => {
    if (hold === null) return [];
    const until = hold.until === null ? '' : ` until ${clockText(hold.until)}`;
    const why = hold.reason === '' ? '' : ` (${hold.reason})`;
    return [
      {
        text: `~ ${name} HELD by ${hold.by} since ${clockText(hold.since)}${until}${why}: no new copies${isReadOnly ? '' : '; h releases it'}`,
        tone: 'notice' as const,
      },
    ];
  });
}

function sources(frame: ScreenFrame, moment: number): readonly Banner[] {
  return frame.routes.flatMap((route) => {
    const text = sourceTrouble(route, moment);
    return text === null ? [] : [{ text, tone: 'alarm' as const }];
  });
}

const roomyRows = 24;

/** Returns `TOUR 3/6  the storage is gone: …`, and if there is room for a second row, what there is to try. Empty outside a tour. */
export function tourLines({ tour, size: { columns, rows } }: Model, theme: Theme): readonly Line[] {
  if (tour === null) return [];
  const label = piece(` TOUR ${tour.step}/${tour.steps}  `, 'tour', theme);
  const text = firstFitting(tour.shows, columns - label.width, theme);
  const first: Line = [label, fitted(text, columns - label.width, 'tour', theme)];
  if (rows < roomyRows || tour.hints.length === 0) return [first];
  const indentation = piece(' '.repeat(label.width), 'tour', theme);
  const hint = firstFitting(tour.hints, columns - label.width, theme);
  return [first, [indentation, fitted(hint, columns - label.width, 'tour', theme)]];
}
