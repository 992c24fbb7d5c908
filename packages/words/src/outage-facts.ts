import type { OutageJson } from '@sluice/control';
import { momentText, timeOf } from './clock.ts';
import { elapsedText } from './figures.ts';

/** All that is known of an outage, told twice: as it is meant, and technically. */
export function outageFacts({ route, since, until, cause, code, operator, technical }: OutageJson, now: number): readonly string[] {
  const lasted = elapsedText((until === null ? now : timeOf(until)) - timeOf(since));
  const because = [cause, code].filter((word) => word !== null).join(', ');
  return [
    `${route}: ${operator}`,
    `${momentText(since)} to ${until === null ? 'now' : momentText(until)}: ${lasted}`,
    ...(technical === '' ? [] : [because === '' ? technical : `${technical} (${because})`]),
  ];
}
