import type { ScreenTotals } from '@sluice/lists';
import { countText, etaText, rateShort, sizeLong } from '@sluice/words';
import type { Model } from '../../model/model.ts';
import { shownFrame } from '../../model/shown.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, filled, type Line, type Piece, piece } from '../../picture/pieces/pieces.ts';

interface Total {
  readonly long: string;
  readonly short: string;
  readonly figure: string;
  readonly tone: Tone;
  readonly gap: number;
  /** The figures with the lowest ranks stay longest if there is no room. */
  readonly rank: number;
}

/** From this rank on a figure is shown only if there is room for it with all gaps. */
const minNeeded = 7;

/** Returns ` Needs you 0   Recording 1   Waiting 214   Done 98,412   Left 1.42 TB  ETA -`. */
export function totalsLine(model: Model, theme: Theme): Line {
  const totals = shownFrame(model)?.totals;
  const { columns } = model.size;
  if (totals === undefined) return filled([blank(1), piece('no figures yet', 'dim', theme)], columns, theme);
  const isShort = columns < 72;
  return filled(
    lineOf(
      fitting(totalsOf(model.link.kind === 'lost' ? { ...totals, bytesPerSecond: 0, etaMs: null } : totals), columns, isShort),
      isShort,
      theme,
    ),
    columns,
    theme,
  );
}

function totalsOf(totals: ScreenTotals): readonly Total[] {
  const { needsYou, recording, waiting, done, failed, recovered, leftBytes, bytesPerSecond } = totals;
  const rate = rateShort(bytesPerSecond);
  return [
    total('Needs you', 'You', countText(needsYou), needsYou > 0 ? 'bad' : 'plain', 3, 0),
    ...(failed > 0 ? [total('Failed', 'Fail', countText(failed), 'bad', 3, 4)] : []),
    total('Recording', 'Rec', countText(recording), recording > 0 ? 'busy' : 'plain', 3, 1),
    total('Waiting', 'Wait', countText(waiting), waiting > 0 ? 'warn' : 'plain', 3, 2),
    total('Done', 'Done', countText(done), 'plain', 3, 3),
    ...(recovered > 0 ? [total('Recovered', 'Again', countText(recovered), 'plain', 3, 8)] : []),
    total('Left', 'Left', `${totals.isCounting === true ? '>' : ''}${sizeLong(leftBytes)}`, 'plain', 2, 7),
    ...(bytesPerSecond > 0 ? [total('Rate', 'Rate', `${rate === '-' ? '<0.1' : rate} MB/s`, 'plain', 2, 6)] : []),
    total('ETA', 'ETA', etaText(totals.etaMs), 'plain', 2, 5),
  ];
}

function total(long: string, short: string, figure: string, tone: Tone, gap: number, rank: number): Total {
  return { long, short, figure, tone, gap, rank };
}

interface Kept {
  readonly totals: readonly Total[];
  readonly isTight: boolean;
}

/** The least useful figures are left out first, then the gaps are closed, then further figures are left out by rank. */
function fitting(totals: readonly Total[], columns: number, isShort: boolean): Kept {
  const byRank = totals.toSorted((a, b) => a.rank - b.rank);
  for (let count = byRank.length; count > 1; count -= 1) {
    const kept = byRank.slice(0, count);
    const isNeeded = (kept.at(-1)?.rank ?? 0) < minNeeded;
    for (const isTight of isNeeded ? [false, true] : [false]) {
      if (widthOfAll(kept, isShort, isTight) <= columns) return { totals: totals.filter((each) => kept.includes(each)), isTight };
    }
  }
  return { totals: byRank.slice(0, 1), isTight: true };
}

function gapOf({ gap }: Total, isShort: boolean, isTight: boolean): number {
  if (isShort) return 1;
  return isTight ? Math.min(2, gap) : gap;
}

function widthOfAll(totals: readonly Total[], isShort: boolean, isTight: boolean): number {
  const widths = totals.map((each) => (isShort ? each.short : each.long).length + 1 + each.figure.length + gapOf(each, isShort, isTight));
  const last = totals.at(-1);
  return widths.reduce((sum, width) => sum + width, 1) - (last === undefined ? 0 : gapOf(last, isShort, isTight));
}

function lineOf({ totals, isTight }: Kept, isShort: boolean, theme: Theme): Line {
  const pieces: Piece[] = [blank(1)];
  for (const each of totals) {
    const name = isShort ? each.short : each.long;
    pieces.push(piece(`${name} `, 'dim', theme), piece(each.figure, each.tone, theme), blank(gapOf(each, isShort, isTight)));
  }
  return pieces;
}
