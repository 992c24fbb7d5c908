import { type IPty, spawn } from '@lydell/node-pty';
import headless, { type Terminal as Emulator } from '@xterm/headless';

/** A program on its own terminal, whose screen can be read. */
export class Pty {
  readonly emulator: Emulator;
  readonly child: IPty;
  readonly ended: Promise<number>;
  private exitCode: number | null = null;

  constructor(command: readonly string[], env: Readonly<Record<string, string>> = {}, columns = 60, rows = 10) {
    const [program = '', ...args] = command;
    this.emulator = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
    const { TMUX: _, NO_COLOR: __, ...rest } = process.env as Record<string, string>;
    this.child = spawn(program, args, {
      name: env['TERM'] ?? 'xterm-256color',
      cols: columns,
      rows,
      env: { ...rest, LC_ALL: 'C.UTF-8', ...env },
    });
    this.child.onData((data) => this.emulator.write(data));
    this.emulator.onData((data) => this.child.write(data));
    this.ended = new Promise((resolve) =>
      this.child.onExit(({ exitCode, signal }) => {
        const code = signal === undefined || signal === 0 ? exitCode : 1_000 + signal;
        this.exitCode = code;
        // The emulator takes in what it was given a moment later.
        this.emulator.write('', () => resolve(code));
      }),
    );
  }

  text(): string {
    const { active } = this.emulator.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true).trimEnd() ?? '').join('\n');
  }

  isAlternate(): boolean {
    return this.emulator.buffer.active.type === 'alternate';
  }

  async sees(text: string, isAlternate = this.isAlternate()): Promise<void> {
    await this.until(() => this.text().includes(text) && this.isAlternate() === isAlternate, `"${text}"`);
  }

  async until(isSo: () => boolean, what: string, withinMs = 30_000): Promise<void> {
    const end = performance.now() + withinMs;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`${what} never came; ended: ${this.exitCode}; the screen:\n${this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Ends the program if it still runs. */
  end(): void {
    if (this.exitCode === null) this.child.kill('SIGKILL');
  }
}
