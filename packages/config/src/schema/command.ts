import * as v from 'valibot';
import { limits } from '../limits.ts';

const expected = 'expected a command: a list of texts, such as ["/usr/local/bin/page", "{summary}"]';

/** An option whose next argument a shell or an interpreter runs as a program: `sh -c`, `bash -lc`, `perl -e`, `cmd /c`. */
const readsCode = /^(?:-[a-z]*[ce]|--(?:command|eval)|\/[ck]|-command)$/i;
/** Shells that join all arguments after that option into one command. */
const joinsArguments = /(?:^|[/\\])(?:cmd|powershell|pwsh)(?:\.exe)?$/i;

/**
 * A program and its arguments. Empty: no command. A placeholder stands for text that may contain file names, so it has to be a
 * whole argument, and not one that a shell reads as a command.
 * @param placeholders such as `{summary}`
 */
export function command(placeholders: readonly string[]) {
  return v.pipe(
    v.array(
      v.pipe(
        v.string(expected),
        v.check((word) => !word.includes('\0'), expected),
      ),
      expected,
    ),
    v.maxLength(limits.commandWords, `expected at most ${limits.commandWords} entries`),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const message = misplaced(dataset.value, placeholders);
      if (message !== null) addIssue({ message });
    }),
    v.metadata({ kind: 'list' as const, isCommand: true }),
  );
}

/** Returns what is wrong with the place of a placeholder and what to do, or null. */
function misplaced(words: readonly string[], placeholders: readonly string[]): string | null {
  const isJoining = joinsArguments.test(words[0] ?? '');
  let isCode = false;
  for (const [index, word] of words.entries()) {
    const placeholder = placeholders.find((candidate) => word.includes(candidate));
    const variable = `SLUICE_${placeholder?.slice(1, -1).toUpperCase()}`;
    if (placeholder !== undefined && index === 0)
      return `${placeholder} cannot be the program: expected the path of a program as the first entry`;
    if (placeholder !== undefined && word !== placeholder) {
      return `${placeholder} stands inside a longer text, where a file name could be read as a command: make it a separate argument, or use the variable ${variable}, as in ["/bin/sh", "-c", "echo \\"$${variable}\\" | mail root"]`;
    }
    if (placeholder !== undefined && isCode) {
      return `${placeholder} stands where ${words[0]} reads a command, and would run a file name as one: use the variable ${variable}, as in ["/bin/sh", "-c", "echo \\"$${variable}\\" | mail root"]`;
    }
    isCode = readsCode.test(word) || (isJoining && isCode);
  }
  return null;
}
