import type { ScreenFrame, ScreenWindow } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import type { AgentMessage, ScreenClient } from './client/screen-client.ts';
import type { Exporter } from './export/exporter.ts';
import { limits } from './limits.ts';
import { initialModel } from './model/initial-model.ts';
import { windowOf } from './model/layout.ts';
import type { Intent, Message, Model, ScreenTour } from './model/model.ts';
import { type ScreenTime, systemTime } from './model/time.ts';
import type { Theme } from './picture/picture.ts';
import { select } from './selection/moving.ts';
import type { Terminal } from './terminal.ts';
import { type Throttle, throttle } from './throttle.ts';
import { update } from './update/update.ts';
import { rowAt } from './views/arrangement.ts';
import { withinReach } from './views/full-views/full-view.ts';
import { render } from './views/render.ts';

interface ScreenOptions {
  readonly terminal: Terminal;
  readonly client: ScreenClient;
  /** Writes what the history shows to a file. */
  readonly exporter: Exporter;
  readonly theme: Theme;
  readonly isReadOnly: boolean;
  readonly hasBell: boolean;
  /** A tour that runs next to the list, with its own keys. */
  readonly tour?: ScreenTour;
  readonly time?: ScreenTime;
}

/**
 * Runs the screen from the first picture to the last. Every event becomes a message, the model is updated, and what then differs
 * is drawn. At the end the terminal is restored and the client closed.
 * @returns the exit code
 */
export function runScreen(options: ScreenOptions): Promise<number> {
  return new RunningScreen(options).run();
}

class RunningScreen {
  readonly #options: ScreenOptions;
  readonly #time: ScreenTime;
  readonly #drawing: Throttle;
  readonly #exit = Promise.withResolvers<number>();
  #model: Model;
  /** What the last picture shows. */
  #drawn: Model | null = null;
  /** The window that was last requested on this connection, as JSON. */
  #asked: string | null = null;
  /** A window was requested and has not arrived yet. */
  #awaitsRows = false;
  #stopTicking: () => void = () => undefined;
  #isOver = false;

  constructor(options: ScreenOptions) {
    const { terminal, isReadOnly, time = systemTime } = options;
    this.#options = options;
    this.#time = time;
    this.#model = initialModel({ ...terminal.size(), now: time.now(), isReadOnly });
    this.#drawing = throttle(() => this.#draw(), limits.pictureEveryMs, time);
  }

  run(): Promise<number> {
    const { terminal, client, tour } = this.#options;
    terminal.onMessage((message) => this.#handle(message));
    terminal.onEnd(({ exitCode }) => this.#leave(exitCode));
    client.onMessage((message) => this.#hear(message));
    tour?.onMessage((message) => this.#handle(message));
    this.#tick();
    this.#drawing.request();
    return this.#exit.promise;
  }

  #handle(message: Message): void {
    if (this.#isOver) return;
    const { terminal, theme, hasBell } = this.#options;
    const before = this.#model;
    const { model, intents } = answer(before, message, theme);
    this.#model = model;
    if (hasBell && message.kind === 'frame' && ringsBell(before.frame, message.frame)) terminal.bell();
    const isAwaited = this.#isAwaited(message);
    // The pictures so far only say that there is nothing to show yet, so the first frame is drawn at once.
    if (before.frame === null && model.frame !== null) this.#drawing.urgent();
    else if (model !== before && isAwaited) this.#drawing.soon(limits.keyEveryMs);
    else if (model !== before) this.#drawing.request();
    for (const intent of intents) this.#perform(intent);
  }

  /** Returns whether a person waits for it: a key, or the rows that a key requested. */
  #isAwaited({ kind }: Message): boolean {
    if (kind === 'frame') {
      const isAwaited = this.#awaitsRows;
      this.#awaitsRows = false;
      return isAwaited;
    }
    return isOfPerson.has(kind);
  }

  #hear(message: AgentMessage): void {
    // On a new connection the agent knows no window.
    if (message.kind === 'link') this.#asked = null;
    this.#handle(message);
  }

  #perform(intent: Intent): void {
    const { terminal, client, exporter, tour } = this.#options;
    switch (intent.do) {
      case 'leave':
        return this.#leave(0);
      case 'redraw':
        return terminal.redraw();
      case 'watch':
        return this.#ask(windowOf(this.#model));
      case 'copy':
        return this.#handle(copied(terminal.copy(intent.text)));
      case 'mouse':
        return terminal.mouse(intent.isOn);
      case 'find_path':
      case 'export':
        return void exporter(intent).then((message) => this.#handle(message));
      case 'tour':
        return tour?.perform(intent.action);
      case 'act':
      case 'hold':
      case 'release':
      case 'adopt':
      case 'evidence':
      case 'acknowledge':
      case 'show':
      case 'log':
      case 'settings':
      case 'safe':
      case 'cancel_safe':
      case 'history':
      case 'offer':
      case 'start_agent':
      case 'check_folder':
      case 'write_config':
        return client.perform(intent);
      default:
        return unreachable(intent);
    }
  }

  #ask(window: ScreenWindow): void {
    const text = JSON.stringify(window);
    if (text === this.#asked) return;
    this.#asked = text;
    this.#awaitsRows = true;
    this.#options.client.watchWindow(window);
  }

  #tick(): void {
    this.#handle({ kind: 'tick', now: this.#time.now() });
    // On the second, so that the clock on the screen does not skip one.
    if (!this.#isOver) this.#stopTicking = this.#time.after(limits.tickMs - (this.#time.now() % limits.tickMs), () => this.#tick());
  }

  #draw(): void {
    if (this.#drawn === this.#model) return;
    this.#drawn = this.#model;
    const { terminal, theme } = this.#options;
    terminal.draw(render(this.#model, theme));
  }

  #leave(exitCode: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTicking();
    this.#drawing.stop();
    this.#options.terminal.close();
    this.#options.client.close();
    this.#exit.resolve(exitCode);
  }
}

const isOfPerson: ReadonlySet<Message['kind']> = new Set([
  'key',
  'paste',
  'click',
  'wheel',
  'resize',
  'shown',
  'evidence',
  'log_page',
  'settings',
  'safe',
] as const);

/**
 * Updates the model. The meaning of a click, and how far can be scrolled, depend on what is drawn where, which the model does not
 * know.
 */
function answer(model: Model, message: Message, theme: Theme): ReturnType<typeof update> {
  if (message.kind === 'key' || message.kind === 'wheel' || message.kind === 'log_page') {
    const { model: next, intents } = update(model, message);
    return { model: withinReach(next, theme), intents };
  }
  if (message.kind !== 'click') return update(model, message);
  const id = rowAt(model, message.row);
  return id === null ? update(model, message) : { model: select(model, id), intents: [] };
}

function copied(isDone: boolean): Message {
  return { kind: 'done', text: isDone ? 'on the clipboard' : 'this terminal has no clipboard that Sluice can reach', isBad: !isDone };
}

/**
 * Returns whether the change between two frames is important enough for a sound: the first failure, and the moment when everything
 * is well again.
 */
function ringsBell(before: ScreenFrame | null, after: ScreenFrame): boolean {
  if (before === null || before.agent.pid !== after.agent.pid) return false;
  const wasTroubled = isTroubled(before);
  if (wasTroubled) return !isTroubled(after);
  return isTroubled(after) || failures(after) > failures(before);
}

function isTroubled({ routes, totals }: ScreenFrame): boolean {
  return totals.failed > 0 || routes.some(({ gate }) => gate.state === 'closed' && gate.cause !== 'unknown');
}

/** Counts failures that were recovered at once, too. */
function failures({ totals }: ScreenFrame): number {
  return totals.failed + totals.recovered;
}
