import { execFileSync } from 'node:child_process';

// The subjects of commits are the table of contents of the history: Conventional Commits, at most 72 characters.
/** Older commits may be longer. */
const SINCE = '2026-11-28';
const MAX_LENGTH = 72;
const CONVENTIONAL =
  /^(feat|fix|docs|test|refactor|perf|build|ci|chore|style|revert)(\([a-z0-9,-]+\))?!?: \S.*[^.]$/;

const log = execFileSync('git', ['log', `--since=${SINCE}T00:00:00Z`, '--no-merges', '--format=%h %s'], {
  encoding: 'utf8',
});
const wrong = log
  .split('\n')
  .filter((line) => line !== '')
  .filter((line) => {
    const subject = line.slice(line.indexOf(' ') + 1);
    return subject.length > MAX_LENGTH || !CONVENTIONAL.test(subject);
  });

if (wrong.length > 0) {
  process.stdout.write(
    `Subjects must be Conventional Commits of at most ${MAX_LENGTH} characters, without a full stop:\n${wrong.join('\n')}\n`,
  );
  process.exitCode = 1;
}
