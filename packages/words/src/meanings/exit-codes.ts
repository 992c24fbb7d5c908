import type { exitCode } from '../exit-code.ts';
import type { Meaning } from '../failures/meaning.ts';

const ended = 'Stable copies were withdrawn cleanly; they start again with the agent. Growing copies failed and are copied again.';

/** What the exit codes of a command mean. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCode, Meaning & { readonly text: string }>> = {
  done: {
    text: 'done; everything you asked for is true',
    cause: 'The command did its work.',
    files: 'With `--until-idle`, every file is copied and verified, except what a rule leaves alone. The last lines of the log name that.',
    remedy: 'Nothing.',
  },
  notAsAsked: {
    text: 'done, but something is not as you asked',
    cause: 'Files failed, a check found a problem, an order was refused, or the answer could not be written.',
    files: 'Standard error or the answer names the files.',
    remedy: 'Read the lines on standard error; `sluice status` names what needs you.',
  },
  badUsage: {
    text: 'wrong usage or a wrong configuration',
    cause: 'An option, an argument or `sluice.toml` is not valid.',
    files: 'Nothing was created, changed or lost.',
    remedy: 'Correct what the text names. `sluice check` lists every mistake in the configuration.',
  },
  noAgent: {
    text: 'no agent is running, or it belongs to another user',
    cause: 'No agent answers on the state folder, or its control socket refuses this user.',
    files: 'Nothing was changed. Without an agent nothing is copied.',
    remedy: 'Run `sluice start`, or run the command as the user that the text names. `-c` and `--state` choose the agent.',
  },
  journalUnusable: {
    text: 'the journal cannot be used',
    cause:
      'The journal is damaged, was written by a newer version, is locked by another program, or lies on a network filesystem. Or the agent was stopped while its journal could not be written.',
    files: 'Files at the source and at the destination are unchanged. Without a journal nothing is copied.',
    remedy:
      'Do what the text says. With a new state folder, Sluice compares the files at the destination with the source, and copies only what differs.',
  },
  alreadyRuns: {
    text: 'an agent already runs on this state folder, or on this route',
    cause: 'Another agent uses the same state folder, or copies from the same source to the same destination.',
    files: 'The other agent copies them.',
    remedy: 'Use the agent that runs, stop it with `sluice stop`, or give `--state` another folder.',
  },
  hungUp: {
    text: 'the terminal was closed (SIGHUP)',
    cause: 'The agent ran in a terminal, and the terminal was closed.',
    files: ended,
    remedy: 'To keep the agent running, use `sluice start` or `sluice service install`.',
  },
  interrupted: {
    text: 'ended by Ctrl-C (SIGINT)',
    cause: 'Somebody pressed Ctrl-C.',
    files: ended,
    remedy: 'Nothing.',
  },
  terminated: {
    text: 'ended by SIGTERM',
    cause: 'A service manager, a shutdown or `kill` ended the program.',
    files: ended,
    remedy: 'Nothing.',
  },
};
