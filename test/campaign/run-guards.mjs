import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build, clean, sabotage } from './build.mjs';

// Plays a small campaign without each guard of guards.ts in turn, or without those whose names hold the words given.
const ARGUMENTS = ['--seed', '1', '--quiet'];
const PLAN = { calls: 60, rate: 1, outages: false, concurrency: 16, enduranceCalls: 0 };
const TIMEOUT_MS = 120_000;

let unnoticed = 0;
try {
  const whole = await build();
  const { GUARDS } = await import(join(whole, 'test/campaign/guards.js'));
  const words = process.argv.slice(2);
  const guards = GUARDS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const waiting = [...guards];
  await Promise.all(Array.from({ length: availableParallelism() }, () => proveNext(whole, waiting)));
  print(`${guards.length - unnoticed} of ${guards.length} guards are noticed when they are gone`);
  process.exitCode = unnoticed === 0 ? 0 : 1;
} finally {
  await clean();
}

async function proveNext(whole, waiting) {
  for (let guard; (guard = waiting.shift()) !== undefined;) {
    const startedAt = Date.now();
    const output = await play(await sabotage(whole, guard), { ...PLAN, ...guard.plan });
    const count = Number(new RegExp(`^${guard.expects} +(\\d+)$`, 'm').exec(output)?.[1] ?? 0);
    if (count === 0) unnoticed++;
    print(`${count > 0 ? '✓' : '✗'} ${guard.name}: ${guard.expects} ${count} (${Date.now() - startedAt} ms)`);
    if (count === 0) print(output);
  }
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
