import { EventEmitter } from 'node:events';
import headless, { type Terminal as Emulator, type IBufferCell } from '@xterm/headless';
import { openTerminal } from '../../src/blessed/open-terminal.ts';
import type { Picture, Span, Theme } from '../../src/picture/picture.ts';
import type { Terminal, TerminalEnd, TerminalMessage } from '../../src/terminal.ts';

/** A terminal emulator, a keyboard, and a process that can be sent signals. */
export class FakeTerminal {
  readonly emulator: Emulator;
  readonly input = new FakeInput();
  readonly output: FakeOutput;
  readonly process = new FakeProcess();
  readonly messages: TerminalMessage[] = [];
  readonly ends: TerminalEnd[] = [];
  /** Everything that was accepted, a character for each byte. Controls are shown as pictures (`␛`). */
  written = '';
  /** Bytes that it still accepts before it stalls. */
  room = Number.POSITIVE_INFINITY;
  /** The error that a write throws, if any. */
  failure: string | null = null;

  constructor(columns: number, rows: number) {
    this.emulator = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: false });
    this.output = new FakeOutput(columns, rows);
  }

  open(theme: Partial<Theme> = {}, env: Readonly<Record<string, string>> = { TERM: 'xterm-256color' }): Terminal {
    const terminal = openTerminal({
      input: this.input,
      output: this.output,
      write: (bytes) => this.accept(bytes),
      process: this.process,
      env,
      theme: { colours: 256, unicode: true, light: false, ...theme },
    });
    terminal.onMessage((message) => this.messages.push(message));
    terminal.onEnd((end) => this.ends.push(end));
    return terminal;
  }

  private accept(bytes: Uint8Array): number {
    if (this.failure !== null) throw Object.assign(new Error(this.failure), { code: this.failure });
    if (this.room <= 0) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
    const accepted = bytes.subarray(0, this.room);
    this.room -= accepted.length;
    this.written += String.fromCharCode(...Array.from(accepted, (byte) => (byte < 0x20 ? 0x2400 + byte : byte)));
    this.emulator.write(accepted);
    return accepted.length;
  }

  /** Returns what was written since the last call. */
  news(): string {
    const { written } = this;
    this.written = '';
    return written;
  }

  type(text: string): void {
    this.input.emit('data', Buffer.from(text, 'utf8'));
  }

  keys(): string[] {
    return this.messages.flatMap((message) => (message.kind === 'key' ? [message.key] : []));
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows);
    this.output.columns = columns;
    this.output.rows = rows;
    this.output.emit('resize');
  }

  async lines(): Promise<string[]> {
    await this.settle();
    const { active } = this.emulator.buffer;
    return Array.from(
      { length: this.emulator.rows },
      (_, row) =>
        active
          .getLine(active.viewportY + row)
          ?.translateToString(true)
          .trimEnd() ?? '',
    );
  }

  async cell(row: number, column: number): Promise<IBufferCell> {
    await this.settle();
    const { active } = this.emulator.buffer;
    const cell = active.getLine(active.viewportY + row)?.getCell(column);
    if (cell === undefined) throw new Error(`there is no cell ${row}, ${column}`);
    return cell;
  }

  isAlternate(): boolean {
    return this.emulator.buffer.active.type === 'alternate';
  }

  /** Waits until the emulator has read everything. */
  settle(): Promise<void> {
    return new Promise((resolve) => this.emulator.write('', resolve));
  }
}

class FakeInput extends EventEmitter {
  isRaw = false;
  isReading = false;
  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }
  resume(): void {
    this.isReading = true;
  }
  pause(): void {
    this.isReading = false;
  }
}

class FakeOutput extends EventEmitter {
  columns: number;
  rows: number;
  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }
}

class FakeProcess extends EventEmitter {
  readonly pid = 4711;
  readonly platform = 'linux';
  readonly killed: string[] = [];
  /** Called for a signal that the process sends. By default nothing happens: the process was not stopped. */
  onKill: (signal: string) => void = () => undefined;
  kill(pid: number, signal: string): void {
    this.killed.push(`${signal} ${pid}`);
    this.onKill(signal);
  }
}

export function picture(rows: readonly (string | readonly Span[])[], cursor: Picture['cursor'] = null): Picture {
  return { rows: rows.map((row) => (typeof row === 'string' ? [{ text: row, tone: 'plain' }] : row)), cursor };
}

/** Waits until something is true, and never for a fixed time. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
