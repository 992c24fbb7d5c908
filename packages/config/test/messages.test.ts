import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findOverlaps, type NamedFolder } from '../src/routes/overlap.ts';
import { patternTrouble } from '../src/schema/pattern.ts';
import { complaint, load, route } from './support.ts';

// Every message about a configuration in one place, as a person reads it.

/** The text after a valid route, and the message. */
const files: readonly (readonly [text: string, message: string])[] = [
  ['stable_afer = "3s"', 'cannot read sluice.toml:5: unknown key "stable_afer" in [[route]] (did you mean "stable_after"?)'],
  ['min_size = "5MB"', 'cannot read sluice.toml:5: unknown key "min_size" in [[route]] (did you mean "min_size" in [route.growing]?)'],
  ['[agnet]\nlanes = 3', 'cannot read sluice.toml:5: unknown table or key "agnet" (did you mean [agent]?)'],
  [
    'stable_after = 30',
    'cannot read sluice.toml:5: stable_after in [[route]] is 30: expected a duration, such as "500ms", "10s", "5m", "2h"',
  ],
  [
    'stable_after = "30 secs"',
    'cannot read sluice.toml:5: stable_after in [[route]] is "30 secs": expected a duration, such as "500ms", "10s", "5m", "2h" (did you mean "30s"?)',
  ],
  ['stable_after = "0s"', 'cannot read sluice.toml:5: stable_after in [[route]] is "0s": it must be at least "1ms"'],
  ['stable_after = "99999h"', 'cannot read sluice.toml:5: stable_after in [[route]] is "99999h": it must be at most "366d"'],
  [
    'max_rate = "5%"',
    'cannot read sluice.toml:5: max_rate in [[route]] is "5%": expected a rate, such as "80MB" per second, or "" for no limit',
  ],
  ['verify = "no"', 'cannot read sluice.toml:5: verify in [[route]] is "no": expected one of "readback", "size"'],
  ['max_attempts = 0', 'cannot read sluice.toml:5: max_attempts in [[route]] is 0: expected a whole number from 1 to 1000'],
  [
    'include = []',
    'cannot read sluice.toml:5: include in [[route]] is []: expected a list of patterns of relative paths, such as ["*.mxf", "proxy/"], with at least one',
  ],
  [
    'exclude = ["/abs"]',
    'cannot read sluice.toml:5: exclude in [[route]] is "/abs": "/abs" begins with "/"; patterns are relative to the source: write "./abs"',
  ],
  [
    'destination_mode = "999/777"',
    'cannot read sluice.toml:5: destination_mode in [[route]] is "999/777": expected the modes of files and folders, such as "0664/0775", or "" to keep those of the source',
  ],
  [
    'archive_dir = "~/x"',
    'cannot read sluice.toml:5: archive_dir in [[route]] is "~/x": "~" is not expanded here; write the absolute path',
  ],
  [
    'after_copy = "archive"',
    'cannot read sluice.toml:5: after_copy in [[route]] is "archive": archive_dir is missing; expected the folder to archive to',
  ],
  ['growing = true', 'cannot read sluice.toml:5: growing in [[route]] is true: expected a table, written [route.growing]'],
  ['[route.growing]\nenabled = "yes"', 'cannot read sluice.toml:6: enabled in [route.growing] is "yes": expected true or false'],
  [
    '[route.recovery]\nsuffix = "x"',
    'cannot read sluice.toml:6: suffix in [route.recovery] is "x": a suffix must contain {n} once, and none of / \\ : * ? " < > |, such as "_{n}"',
  ],
  [
    '[route.space]\nkeep_free = "5 %"',
    'cannot read sluice.toml:6: keep_free in [route.space] is "5 %": expected a size or a share of the disk, such as "2GB" or "5%"',
  ],
  ['scan_share = "0%"', 'cannot read sluice.toml:5: scan_share in [[route]] is "0%": expected a share, such as "2%", of at least 0.1%'],
  ['[agent]\nsocket_group = "a b"', 'cannot read sluice.toml:6: socket_group in [agent] is "a b": expected the name of a group'],
  [
    '[agent]\non_attention = "page"',
    'cannot read sluice.toml:6: on_attention in [agent] is "page": expected a command: a list of texts, such as ["/usr/local/bin/page", "{summary}"]',
  ],
  [
    '[agent]\non_attention = ["{summary}"]',
    'cannot read sluice.toml:6: on_attention in [agent] is ["{summary}"]: {summary} cannot be the program: expected the path of a program as the first entry',
  ],
  [
    '[agent]\non_attention = ["/bin/sh", "-c", "{summary}"]',
    'cannot read sluice.toml:6: on_attention in [agent] is ["/bin/sh", "-c", "{summary}"]: {summary} stands where /bin/sh reads a command, and would run a file name as one: use the variable SLUICE_SUMMARY, as in ["/bin/sh", "-c", "echo \\"$SLUICE_SUMMARY\\" | mail root"]',
  ],
  [
    '[agent]\non_attention = ["/bin/page", "--text={summary}"]',
    'cannot read sluice.toml:6: on_attention in [agent] is ["/bin/page", "--text={summary}"]: {summary} stands inside a longer text, where a file name could be read as a command: make it a separate argument, or use the variable SLUICE_SUMMARY, as in ["/bin/sh", "-c", "echo \\"$SLUICE_SUMMARY\\" | mail root"]',
  ],
  ['[agent]\nstate_dir = 5', 'cannot read sluice.toml:6: state_dir in [agent] is 5: expected a folder path'],
  [
    'stable_after = ',
    'cannot read sluice.toml:5: not valid TOML: expected a value after "=": a text in "quotes", a number, true, false or a [list]',
  ],
  [
    'stable_after = 10s',
    'cannot read sluice.toml:5: not valid TOML: expected one key = value on a line, and texts (durations, sizes, paths) in "quotes"',
  ],
  ['stable_after', 'cannot read sluice.toml:5: not valid TOML: expected key = value'],
  ['[[route]', 'cannot read sluice.toml:5: not valid TOML: a table is written [name], a route [[route]]'],
  [
    'archive_dir = "C:\\Users"',
    `cannot read sluice.toml:5: not valid TOML: in "quotes" a backslash is written twice; or write the text in 'single quotes'`,
  ],
  ['name = "b"', 'cannot read sluice.toml:5: not valid TOML: this key or table was already given; remove one of the two'],
  ['x = "unclosed', 'cannot read sluice.toml:5: not valid TOML: a text has no closing quote'],
  [
    '[[route]]\nname = "A"\nsource = "s2"\ndestination = "d2"',
    'cannot read sluice.toml:6: name in [[route]] is "A", which is also the name of route 1: give each route its own name',
  ],
  [
    '[[route]]\nname = "b"',
    'cannot read sluice.toml:5: [[route]] "b" has no source: expected a folder path (and 1 more; "sluice check" lists them)',
  ],
  [
    '[[route]]\nname = "b/c"\nsource = "s2"\ndestination = "d2"',
    'cannot read sluice.toml:6: name in [[route]] is "b/c": expected a name: letters, digits, ".", "_" and "-", beginning with a letter or a digit, at most 64',
  ],
  [
    '[[route]]\nname = "b"\nsource = "sftp://h/p"\ndestination = "d2"',
    'cannot read sluice.toml:7: source in [[route]] is "sftp://h/p": expected a folder on this machine',
  ],
  [
    '[[route]]\nname = "b"\nsource = "s2"\ndestination = "ftp://h/p"',
    'cannot read sluice.toml:8: destination in [[route]] is "ftp://h/p": expected a folder, such as a mounted share',
  ],
  [
    'aa = 1\nbb = 2',
    'cannot read sluice.toml:5: unknown key "aa" in [[route]] (valid keys: name, source, destination, include, exclude, stable_after, stuck_after, scan_every, scan_share, verify, destination_mode, max_rate, stall_after, stall_max, max_attempts, guard, after_copy, after_copy_wait, after_copy_proof, on_rename, before_probe, source_warn_below, archive_dir, remove_empty_dirs, growing, recovery, space, probe, rate) (and 1 more; "sluice check" lists them)',
  ],
];

for (const [text, message] of files) {
  test(`loadConfig: ${message}`, async () => assert.is(await complaint(load(`${route}${text}\n`)), message));
}

test('loadConfig: a file without a route', async () => {
  assert.is(
    await complaint(load('')),
    'cannot read sluice.toml: it has no [[route]]: expected at least one, with a source and a destination',
  );
});

const patterns: readonly (readonly [pattern: string, message: string])[] = [
  ['', 'a pattern is empty or contains a NUL character'],
  [' proxy/** ', '" proxy/** " begins or ends with a space: write "proxy/**"'],
  ['"proxy/**"', '"\\"proxy/**\\"" is in quotes, which the shell did not remove: write "proxy/**"'],
  [
    'day1\\proxy\\',
    '"day1\\\\proxy\\\\" has a backslash; folders are separated by "/", and no character needs an escape: write "day1/proxy/"',
  ],
  ['D:/proxy', '"D:/proxy" names a drive; patterns are relative to the source: write "./proxy"'],
  ['/proxy', '"/proxy" begins with "/"; patterns are relative to the source: write "./proxy"'],
  ['a//b', '"a//b" has an empty folder name: write "a/b"'],
  ['../proxy', '"../proxy" leaves a folder with ".."; patterns are relative to the source: write "proxy"'],
  ['a/./b', '"a/./b" has "." as a folder name, which is allowed only at the beginning: write "a/b"'],
  [
    '!keep.mov',
    '"!keep.mov" has "!", which does not exclude anything here; "?" matches a "!" at the beginning of a name: write "?keep.mov"',
  ],
  ['*.(mov|mxf)', '"*.(mov|mxf)" has alternatives in parentheses; they are written in braces: write "*.{mov,mxf}"'],
  [
    'A00[0-9].mov',
    '"A00[0-9].mov" has a range of characters; here brackets are ordinary characters, and "?" matches one character: write "A00?.mov"',
  ],
  [
    '*.[mM]xf',
    '"*.[mM]xf" names both cases in brackets; here brackets are ordinary characters, and upper and lower case are the same: write "*.mxf"',
  ],
  ['A{1..3}.mov', '"A{1..3}.mov" has a range in braces; here braces contain a list, such as {a,b}: write "A*.mov"'],
  ['*.{mxf}', '"*.{mxf}" has braces with only one alternative: write "*.mxf"'],
  ['day1/**.mxf', '"day1/**.mxf" has "**" inside a name; it matches whole folders, between slashes: write "day1/**/*.mxf"'],
  ['*.{mov', '"*.{mov" has an unmatched brace: write "?" where a name contains a brace'],
  ['*.mxf,*.mov', '"*.mxf,*.mov" has a comma between two patterns: write them as two, "*.mxf" and "*.mov"'],
  ['{a,/b}', '"{a,/b}" also expands to "/b", which is not a relative path: write it without braces'],
  [
    '{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}',
    '"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}" expands to more than 1000 patterns: split it',
  ],
];

for (const [pattern, message] of patterns) test(`patternTrouble: ${message}`, () => assert.is(patternTrouble(pattern), message));

type Folder = readonly [role: NamedFolder['role'], route: string | null, path: string];

const pair = (name: string, source: string, destination: string): readonly Folder[] => [
  ['source', name, source],
  ['destination', name, destination],
];

const overlaps: readonly (readonly [folders: readonly Folder[], message: string])[] = [
  [pair('a', '/s', '/s'), 'source and destination of route "a" are the same folder, /s; give the route another destination'],
  [
    pair('a', '/s', '/s/d'),
    'the destination of route "a" (/s/d) lies inside the source of route "a" (/s): Sluice would copy what it writes there itself; choose a folder outside',
  ],
  [
    pair('a', '/d/s', '/d'),
    'the source of route "a" (/d/s) lies inside the destination of route "a" (/d): choose folders that do not contain each other',
  ],
  [
    [...pair('a', '/s', '/d'), ['archive_dir', 'a', '/s/old']],
    'the archive of route "a" (/s/old) lies inside the source of route "a" (/s): Sluice would copy what it writes there itself; choose a folder outside',
  ],
  [
    [...pair('a', '/s', '/d'), ['state_dir', null, '/s/st']],
    'the state folder /s/st lies inside the source of route "a" (/s): Sluice would copy what it writes there itself; choose a folder outside',
  ],
  [[...pair('a', '/s', '/d'), ...pair('b', '/t', '/d')], 'routes "a" and "b" write to the same folder, /d: give each route its own'],
  [
    [...pair('a', '/s', '/d'), ...pair('b', '/t', '/d/e')],
    'the destination of route "b" (/d/e) lies inside the destination of route "a" (/d): give each route its own folder',
  ],
  [
    [...pair('a', '/x', '/y'), ...pair('b', '/y', '/x')],
    'routes form a circle: "a" -> "b" -> "a"; Sluice would copy the files forever. Give one of them another destination',
  ],
];

for (const [folders, message] of overlaps) {
  test(`findOverlaps: ${message}`, () => {
    const named = folders.map(([role, name, given]) => ({ role, route: name, given, resolved: given }));
    assert.is(findOverlaps(named, 'linux')[0]?.text, message);
  });
}

test.run();
