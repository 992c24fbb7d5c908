// Runs pkg's SEA mode, in a separate process because pkg takes its cache from the home folder and works in the folder for temporary
// files.
import { createRequire } from 'node:module';
import { argv } from 'node:process';
import type { SeaOptions } from '@yao-pkg/pkg/lib-es5/sea.js';
import { flags } from '../runtime-flags.mjs';

/** What `make-executable.ts` requests. */
export interface PkgJob {
  readonly main: string;
  readonly target: SeaOptions['targets'][number];
  /** Paths relative to the folder that pkg works in. They become part of the executable. */
  readonly relativeMain: string;
  readonly assets: Readonly<Record<string, string>>;
}

/**
 * The function behind `pkg --sea main.cjs`, whose command line cannot add files. The alternative, a package.json with assets,
 * wraps the program into a virtual filesystem that Sluice does not need.
 */
const { default: sea } = createRequire(import.meta.url)('@yao-pkg/pkg/lib-es5/sea.js') as {
  default: (entry: string, options: SeaOptions) => Promise<void>;
};

const job = JSON.parse(argv[2] ?? '') as PkgJob;
const seaConfig = {
  // The path becomes part of the file, and must not reveal where it was made.
  main: job.relativeMain,
  assets: { ...job.assets },
  disableExperimentalSEAWarning: true,
  useSnapshot: false,
  // V8's own cache differs from build to build, and belongs to one platform. code-cache.ts makes one that does not.
  useCodeCache: false,
  execArgv: [...flags],
  // Otherwise NODE_OPTIONS could load code, open a debugger port, or end the program by a flag that this Node does not know.
  execArgvExtension: 'none',
};
await sea(job.main, { signature: false, targets: [job.target], seaConfig });
