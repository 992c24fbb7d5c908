import type { ScreenRoute } from '@sluice/control';
import { clockText, timeOf, uptimeText } from '@sluice/words';
import type { Model } from '../../model/model.ts';
import { momentOf, shownFrame } from '../../model/shown.ts';
import { glyphsOf } from '../../picture/glyphs.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, fitted, type Line, piece, spread, widthOf } from '../../picture/pieces/pieces.ts';
import { firstFitting } from '../../picture/text/cut-text.ts';
import { meantRoute } from '../../selection/selected.ts';
import { lostWord } from '../words/link-words.ts';

/** Returns ` SLUICE  ingest: /ingest -> /mnt/nas/ingest        agent up 3d04h       14:02:31`. */
export function headerLine(model: Model, theme: Theme): Line {
  const { columns } = model.size;
  const right = rightSide(model, theme);
  const left: Line = [blank(1), piece('SLUICE', 'title', theme), blank(2)];
  const room = columns - widthOf(left) - widthOf(right) - 1;
  return spread(
    [...left, fitted(routeText(model, room, theme), Math.max(0, room), 'plain', theme, { keep: 'ends' })],
    right,
    columns,
    theme,
  );
}

function rightSide(model: Model, theme: Theme): Line {
  const gap = model.size.columns >= 80 ? 7 : 2;
  const readOnly = model.isReadOnly && model.size.columns >= 60 ? [piece('READ-ONLY', 'warn', theme), blank(2)] : [];
  const { text, tone } = state(model);
  const narrow = model.size.columns < 60 && tone === 'plain';
  const said = narrow ? [] : [piece(text, tone, theme), blank(readOnly.length > 0 ? 2 : gap)];
  return [...readOnly, ...said, piece(clockText(model.now), 'plain', theme), blank(1)];
}

/** Returns whether the picture shows the present state. */
function state(model: Model): { readonly text: string; readonly tone: Tone } {
  const { link, frozen, frame } = model;
  if (frame === null) return link.kind === 'lost' ? { text: lostWord(link), tone: 'alarm' } : { text: 'connecting', tone: 'plain' };
  // That it is stale as well is shown below.
  if (frozen !== null) return { text: `FROZEN ${clockText(frozen.at)}`, tone: 'notice' };
  if (link.kind === 'lost') return { text: 'STALE', tone: 'alarm' };
  const { startedAt } = frame.agent;
  return { text: startedAt === null ? 'agent' : `agent up ${uptimeText(momentOf(model) - timeOf(startedAt))}`, tone: 'plain' };
}

function routeText(model: Model, columns: number, theme: Theme): string {
  const routes = shownFrame(model)?.routes ?? [];
  const name = meantRoute(model);
  const route = routes.find((each) => each.name === name) ?? routes[0];
  if (route === undefined) return '';
  const others = routes.length > 1 ? ` (+${routes.length - 1} more)` : '';
  return firstFitting([described(route, theme) + others, plain(route, theme) + others, plain(route, theme)], columns, theme);
}

/** Returns the paths, each with its description. */
function described({ name, source, sourceDescription, destination, destinationDescription }: ScreenRoute, theme: Theme): string {
  const from = sourceDescription === null ? source : `${source} ${sourceDescription}`;
  const to = destinationDescription === null ? destination : `${destination} ${destinationDescription}`;
  return `${name}: ${from} ${glyphsOf(theme).arrow} ${to}`;
}

function plain({ name, source, destination }: ScreenRoute, theme: Theme): string {
  return `${name}: ${source} ${glyphsOf(theme).arrow} ${destination}`;
}
