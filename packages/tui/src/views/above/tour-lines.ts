import type { Model } from '../../model/model.ts';
import type { Look } from '../../picture/picture.ts';
import { fitted, type Line, piece } from '../../picture/pieces/pieces.ts';
import { firstFitting } from '../../picture/text/shortest.ts';

const roomyRows = 24;

/** `TOUR 3/6  the storage is gone: …`, and where there is room for a second row, what there is to try. None where it is no tour. */
export function tourLines({ tour, size: { columns, rows } }: Model, look: Look): readonly Line[] {
  if (tour === null) return [];
  const label = piece(` TOUR ${tour.step}/${tour.steps}  `, 'tour', look);
  const told = firstFitting(tour.tells, columns - label.width, look);
  const first: Line = [label, fitted(told, columns - label.width, 'tour', look)];
  if (rows < roomyRows || tour.hints.length === 0) return [first];
  const indentation = piece(' '.repeat(label.width), 'tour', look);
  const hint = firstFitting(tour.hints, columns - label.width, look);
  return [first, [indentation, fitted(hint, columns - label.width, 'tour', look)]];
}
