import type { Event } from '../messages/event.ts';
import { departFile, type RouteState } from '../state/state.ts';
import { ask, note, type Work } from '../state/work.ts';

/** Visible leftovers get the name that says what they are, once the destination can be asked: `recovery.leftover = "mark"`. */
export function pursueMarks(work: Work, route: RouteState): void {
  const { mount, state } = route.gate;
  if (state !== 'open' || mount === null) return;
  for (const id of route.toMark) {
    if (route.marking.has(id)) continue;
    const file = work.state.files.get(id);
    const mark = file?.toMark[0];
    if (file === undefined || mark === undefined) {
      route.toMark.delete(id);
      continue;
    }
    route.marking.add(id);
    note(work, file, { kind: 'leftover_to_mark', from: mark.from, to: mark.to });
    ask(work, { kind: 'mark_leftover', route: file.route, fileId: id, mark, mount });
  }
}

/** Whatever came of it: it is not tried again. */
export function leftoverMarked(work: Work, route: RouteState, event: Extract<Event, { kind: 'leftover_marked' }>): void {
  route.marking.delete(event.fileId);
  const file = work.state.files.get(event.fileId);
  if (file === undefined) return;
  const { from, to } = event.mark;
  const toMark = file.toMark.filter((mark) => mark.from !== from);
  const leftVisible = event.outcome === 'done' ? file.leftVisible.map((name) => (name === from ? to : name)) : file.leftVisible;
  const noted = note(work, { ...file, toMark, leftVisible }, { kind: 'leftover_marked', from, to, outcome: event.outcome });
  if (route.departed.has(noted.id)) departFile(work.state, route, noted);
}
