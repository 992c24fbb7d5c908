import type { ScreenFrame, ScreenWindow } from '@sluice/control';
import type { AgentIntent, AgentMessage, ScreenClient } from '../src/client/screen-client.ts';
import { pastCount } from '../src/export/export-lines.ts';
import type { Exporter } from '../src/export/exporter.ts';
import type { Picture } from '../src/picture/picture.ts';
import { runScreen } from '../src/screen.ts';
import type { Terminal, TerminalEnd, TerminalMessage } from '../src/terminal.ts';
import { FakeTime } from './fake-time.ts';

interface Drawn {
  /** Milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** The loop, with a terminal and an agent that note everything. */
export class FakeScreen {
  readonly time = new FakeTime();
  readonly drawn: Drawn[] = [];
  readonly windows: ScreenWindow[] = [];
  readonly performed: AgentIntent[] = [];
  readonly exported: Parameters<Exporter>[0][] = [];
  readonly calls: string[] = [];
  readonly exitCode: Promise<number>;
  canCopy = true;
  terminalSays: (message: TerminalMessage) => void = () => undefined;
  agentSays: (message: AgentMessage) => void = () => undefined;
  end: (end: TerminalEnd) => void = () => undefined;

  constructor(options: { readonly hasBell?: boolean; readonly isReadOnly?: boolean } = {}) {
    const theme = { colours: 0, unicode: false, light: false } as const;
    const [terminal, client] = [this.terminal(), this.client()];
    this.exitCode = runScreen({
      terminal,
      client,
      exporter: this.exporter,
      theme,
      isReadOnly: false,
      hasBell: true,
      time: this.time,
      ...options,
    });
    this.time.pass(0);
  }

  key(key: string): void {
    this.terminalSays({ kind: 'key', key });
  }

  /** Connects and sends the first frame, which is drawn at once in place of the next picture. */
  connect(frame: ScreenFrame): void {
    this.agentSays({ kind: 'link', link: { kind: 'connected' } });
    this.agentSays({ kind: 'frame', frame });
    this.time.pass(250);
  }

  /** Returns the last picture, after everything pending is drawn. */
  shows(): string {
    this.time.pass(250);
    return this.drawn.at(-1)?.text ?? '';
  }

  private readonly exporter: Exporter = (intent) => {
    this.exported.push(intent);
    return Promise.resolve(
      intent.do === 'find_path'
        ? { kind: 'path_found', past: intent.past, path: '/home/ann/past.csv' }
        : { kind: 'exported', path: intent.path, count: pastCount(intent.past) },
    );
  };

  private terminal(): Terminal {
    return {
      size: () => ({ columns: 80, rows: 24 }),
      draw: (picture) => void this.drawn.push({ at: this.time.monotonic(), text: textOf(picture) }),
      redraw: () => void this.calls.push('redraw'),
      onMessage: (listener) => {
        this.terminalSays = listener;
      },
      onEnd: (listener) => {
        this.end = listener;
      },
      bell: () => void this.calls.push('bell'),
      copy: (text) => {
        this.calls.push(`copy ${text}`);
        return this.canCopy;
      },
      mouse: (isOn) => void this.calls.push(`mouse ${isOn}`),
      close: () => void this.calls.push('terminal closed'),
    };
  }

  private client(): ScreenClient {
    return {
      onMessage: (listener) => {
        this.agentSays = listener;
      },
      watchWindow: (window) => void this.windows.push(window),
      perform: (intent) => void this.performed.push(intent),
      close: () => void this.calls.push('client closed'),
    };
  }
}

function textOf({ rows }: Picture): string {
  return rows.map((row) => row.map(({ text }) => text).join('')).join('\n');
}
