import type { ScreenWindow } from '@sluice/control';
import { ringsBell } from './bell.ts';
import type { ScreenClient } from './client/screen-client.ts';
import type { Exporter } from './export/exporter.ts';
import { initialModel } from './model/initial-model.ts';
import type { Intent, Message, Model } from './model/model.ts';
import { type ScreenTime, systemTime } from './model/time.ts';
import type { ScreenTour } from './model/tour.ts';
import { windowOf } from './model/window-of.ts';
import { pace } from './pace.ts';
import { select } from './selection/moving.ts';
import type { Terminal } from './terminal.ts';
import { update } from './update/update.ts';
import { type Look, render, rowAt, withinReach } from './views/mod.ts';

export interface ScreenOptions {
  readonly terminal: Terminal;
  readonly client: ScreenClient;
  /** Writes what the history shows to a file. */
  readonly exporter: Exporter;
  readonly look: Look;
  readonly isReadOnly: boolean;
  readonly hasBell: boolean;
  /** Plays beside it, with keys of its own. */
  readonly tour?: ScreenTour;
  readonly time?: ScreenTime;
}

/** At most four pictures a second. */
const pictureEveryMs = 250;
const tickMs = 1_000;

/**
 * The screen, from the first picture to the last: whatever happens becomes a message, the model answers it, and what then looks
 * different is drawn. The terminal is given back and the client closed at its end.
 *
 * @returns the exit code
 */
export function runScreen({
  terminal,
  client,
  exporter,
  look,
  isReadOnly,
  hasBell,
  tour,
  time = systemTime,
}: ScreenOptions): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let model: Model = initialModel({ ...terminal.size(), now: time.now(), isReadOnly });
  let drawn: Model | null = null;
  let asked: string | null = null;
  let isOver = false;
  let stopTicking: () => void = () => undefined;

  const draw = (): void => {
    if (drawn === model) return;
    drawn = model;
    terminal.draw(render(model, look));
  };
  const drawing = pace(draw, pictureEveryMs, time);

  const leave = (exitCode: number): void => {
    if (isOver) return;
    isOver = true;
    stopTicking();
    drawing.stop();
    terminal.close();
    client.close();
    resolve(exitCode);
  };
  const take = (message: Message): void => {
    if (isOver) return;
    const before = model;
    const { model: next, intents } = answer(model, message, look);
    model = next;
    if (hasBell && message.kind === 'frame' && ringsBell(before.frame, message.frame)) terminal.bell();
    // What was drawn until now says that there is nothing yet; nobody starts a screen to see that.
    if (before.frame === null && model.frame !== null) drawing.urgent();
    else if (model !== before) drawing.wanted();
    for (const intent of intents) perform(intent);
  };
  const perform = (intent: Intent): void => {
    switch (intent.do) {
      case 'leave':
        return leave(0);
      case 'redraw':
        return terminal.redraw();
      case 'look':
        return ask(windowOf(model));
      case 'copy':
        return take(copied(terminal.copy(intent.text)));
      case 'mouse':
        return terminal.mouse(intent.isOn);
      case 'place':
      case 'export':
        return void exporter(intent).then(take);
      case 'tour':
        return tour?.perform(intent.action);
      default:
        return client.perform(intent);
    }
  };
  const ask = (window: ScreenWindow): void => {
    const text = JSON.stringify(window);
    if (text === asked) return;
    asked = text;
    client.look(window);
  };
  const tick = (): void => {
    take({ kind: 'tick', now: time.now() });
    // On the second, so that the clock on the screen does not skip one.
    if (!isOver) stopTicking = time.after(tickMs - (time.now() % tickMs), tick);
  };

  terminal.onMessage(take);
  terminal.onEnd(({ exitCode }) => leave(exitCode));
  client.onMessage((message) => {
    // A new connection knows nothing of what was asked before.
    if (message.kind === 'link') asked = null;
    take(message);
  });
  tour?.onMessage(take);
  tick();
  drawing.wanted();
  return promise;
}

/** What a click means, and how far can be scrolled, depends on what is drawn where; that is not the model's business. */
function answer(model: Model, message: Message, look: Look): ReturnType<typeof update> {
  if (message.kind === 'key' || message.kind === 'wheel') {
    const { model: next, intents } = update(model, message);
    return { model: withinReach(next, look), intents };
  }
  if (message.kind !== 'click') return update(model, message);
  const id = rowAt(model, message.row);
  return id === null ? update(model, message) : { model: select(model, id), intents: [] };
}

function copied(isDone: boolean): Message {
  return { kind: 'done', text: isDone ? 'copied' : 'this terminal does not take copies', isBad: !isDone };
}
