import type { OutageJson } from '@sluice/control';
import { momentText, timeOf } from '../figures/clock.ts';
import { elapsedText } from '../figures/figures.ts';

/** Returns what is known about an outage: what it means, when it was, and what exactly was observed. */
export function outageFacts({ route, since, until, cause, code, operator, technical }: OutageJson, now: number): readonly string[] {
  const lasted = elapsedText((until === null ? now : timeOf(until)) - timeOf(since));
  const because = [cause, code].filter((word) => word !== null).join(', ');
  return [
    `${route}: ${operator}`,
    `${momentText(since)} to ${until === null ? 'now' : momentText(until)}: ${lasted}`,
    ...(technical === '' ? [] : [because === '' ? technical : `${technical} (${because})`]),
  ];
}
