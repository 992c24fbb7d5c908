import { elapsedText, momentText, timeOf } from '@sluice/words';
import { type ShownCondition, shownConditions } from '../../conditions/conditions.ts';
import type { ConditionsDialog } from '../../model/dialogs.ts';
import type { Model } from '../../model/model.ts';
import { momentOf } from '../../model/shown.ts';
import type { Theme, Tone } from '../../picture/picture.ts';
import { blank, fitted, type Line, piece } from '../../picture/pieces/pieces.ts';
import type { LazyLine } from '../../picture/pieces/scrolled.ts';
import { paragraphLines, titledLines, type ViewTitle } from './titled.ts';

const marks: Readonly<Record<ShownCondition['level'], string>> = { trouble: '!!', warning: '! ', notice: '~ ' };
const tones: Readonly<Record<ShownCondition['level'], Tone>> = { trouble: 'bad', warning: 'warn', notice: 'plain' };

/** Returns the conditions, when each began, and the remedies, in exactly `height` lines. */
export function conditionsLines(model: Model, { scroll }: ConditionsDialog, height: number, theme: Theme): readonly Line[] {
  const { columns } = model.size;
  return titledLines(titleOf(model), conditionsBody(model, theme), scroll, { columns, height }, theme);
}

function titleOf(model: Model): ViewTitle {
  const count = shownConditions(model).filter(({ level }) => level === 'trouble').length;
  const name = 'CONDITIONS';
  if (count === 0) return { name, text: 'nothing needs you', tone: 'good' };
  return { name, text: count === 1 ? '1 needs you' : `${count} need you`, tone: 'bad' };
}

/** Returns everything below the title. */
export function conditionsBody(model: Model, theme: Theme): readonly LazyLine[] {
  const { columns } = model.size;
  const moment = momentOf(model);
  return shownConditions(model)
    .flatMap((condition, index) => [...(index === 0 ? [] : [[]]), ...conditionLines(condition, moment, columns, theme)])
    .map((line) => () => line);
}

const labelColumns = 7;

function conditionLines(
  { level, route, what, since, todo }: ShownCondition,
  moment: number,
  columns: number,
  theme: Theme,
): readonly Line[] {
  const [first = [], ...rest] = paragraphLines(route === null ? what : `${route}: ${what}`, 4, tones[level], columns, theme);
  return [
    [blank(1), piece(marks[level], tones[level], theme), blank(1), ...first.slice(1)],
    ...rest,
    ...(since === null ? [] : labelled('Since', `${momentText(since)}, for ${elapsedText(moment - timeOf(since))}`, columns, theme)),
    ...(todo === '' ? [] : labelled('Do', todo, columns, theme)),
  ];
}

function labelled(label: string, text: string, columns: number, theme: Theme): readonly Line[] {
  return paragraphLines(text, 4 + labelColumns, 'plain', columns, theme).map(
    (line, index): Line => (index === 0 ? [blank(4), fitted(label, labelColumns, 'dim', theme), ...line.slice(1)] : line),
  );
}
