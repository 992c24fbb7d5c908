import process from 'node:process';

/** What the configuration takes from the machine; injected, so that every place can be tested anywhere. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** The folder of the packed executable; null in a checkout, where there is none. */
  readonly executableDir: string | null;
}

/** @param executableDir the folder of the packed executable, null in a checkout */
export function surroundings(executableDir: string | null): Surroundings {
  return { platform: process.platform, env: process.env, cwd: process.cwd(), executableDir };
}
