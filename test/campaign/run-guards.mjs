import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, clean, sabotage } from './build.mjs';

// Plays a small campaign without each guard of guards.ts in turn, or without those whose names hold the words given; and the
// same campaigns with all guards in place, as a count that is never 0 proves nothing. `--one-each` takes the first guard of each
// count only, and `--no-controls` leaves out the campaigns with all guards.
const ARGUMENTS = ['--seed', '1', '--quiet'];
const PLAN = { calls: 60, rate: 1, outages: false, concurrency: 16, enduranceCalls: 0 };
const TIMEOUT_MS = 240_000;

let failed = 0;
try {
  const whole = await build();
  const { GUARDS } = await import(join(whole, 'test/campaign/guards.js'));
  const { values, positionals: words } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      controls: { type: 'boolean', default: true },
      'one-each': { type: 'boolean', default: false },
    },
  });
  const candidates = values['one-each'] ? oneForEachCount(GUARDS) : GUARDS;
  const guards = candidates.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  const controls = values.controls ? controlsOf(guards) : [];
  const waiting = [
    ...guards.map((guard) => () => prove(whole, guard)),
    ...controls.map((each) => () => control(whole, each)),
  ];
  await Promise.all(Array.from({ length: availableParallelism() }, () => doNext(waiting)));
  print(`${guards.length} guards and ${controls.length} controls, ${failed} failed`);
  process.exitCode = failed === 0 && guards.length > 0 ? 0 : 1;
} finally {
  await clean();
}

async function doNext(waiting) {
  for (let work; (work = waiting.shift()) !== undefined;) await work();
}

/** Without the guard, what it prevents has to happen. */
async function prove(whole, guard) {
  const { name, expects, plan } = guard;
  await look(name, await sabotage(whole, guard), { plan, expects, isRight: (count) => count > 0 });
}

/** With it, it may not. */
async function control(whole, { name, expects, plan }) {
  await look(`nothing without cause: ${name}`, whole, { plan, expects, isRight: (count) => count === 0 });
}

async function look(title, folder, { plan, expects, isRight }) {
  const startedAt = Date.now();
  const output = await play(folder, { ...PLAN, ...plan });
  // NaN, which is neither, if the campaign did not come to its end.
  const count = Number(new RegExp(`^${expects} +(\\d+)$`, 'm').exec(output)?.[1]);
  const isSo = isRight(count);
  if (!isSo) failed++;
  print(`${isSo ? '✓' : '✗'} ${title}: ${expects} ${count} (${Date.now() - startedAt} ms)`);
  if (!isSo) print(output);
}

/** The first guard of each count, and the first of notifications. */
function oneForEachCount(guards) {
  const first = [...new Map(guards.toReversed().map((guard) => [guard.expects, guard])).values()];
  return [...first, guards.find(({ name }) => name.includes('notification'))];
}

/** One guard of those that play the same. */
function controlsOf(guards) {
  const known = guards.map((guard) => [JSON.stringify([guard.plan, guard.expects]), guard]);
  return [...new Map(known).values()];
}

/** @returns what it prints, whatever it comes to: that something went wrong is what is hoped for */
function play(folder, plan) {
  const script = `import { main } from ${JSON.stringify(join(folder, 'test/campaign/main.js'))};
    await main(${JSON.stringify(ARGUMENTS)}, ${JSON.stringify(plan)});
    process.exit();`;
  return new Promise((resolve) => {
    execFile('node', ['--input-type=module', '-e', script], { timeout: TIMEOUT_MS }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
