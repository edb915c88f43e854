import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    record: { type: 'boolean' },
    check: { type: 'boolean' },
  },
});
if (!existsSync(new URL('node_modules', import.meta.url))) {
  console.log('Installing the clients to compare with …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: import.meta.dirname });
}

// They need what was installed just now.
const { CASES } = await import('./cases.js');
const { createWorld, removeWorld } = await import('./process/world.js');
const { describeMachine } = await import('./report/machine.js');
const { readLastRun, record } = await import('./report/record.js');
const { slipsSince } = await import('./report/compare.js');
const { targetTable } = await import('./report/tables.js');

const unknown = (options.only ?? []).filter((name) => !(name in CASES));
if (unknown.length > 0) {
  console.error(`There is no case ${unknown.join(', ')}. Cases: ${Object.keys(CASES).join(', ')}.`);
  process.exit(2);
}
if (options.check && readLastRun() === undefined) {
  console.error('There is no run to compare with: record one with --record.');
  process.exit(2);
}
if (options.record && options.only) {
  console.error('Only a whole run can be recorded: leave out --only.');
  process.exit(2);
}

const world = await createWorld();
const machine = describeMachine(world);
console.log(machine);
const figures = {};
try {
  for (const [name, { title, run, show }] of Object.entries(CASES)) {
    if (options.only && !options.only.includes(name)) continue;
    const startedAt = performance.now();
    figures[name] = await run({ world });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(`\n## ${title} (${seconds} s)\n\n${show(figures[name])}`);
  }
} finally {
  removeWorld(world);
}
console.log(`\n## Targets\n\n${targetTable(figures)}`);

if (options.check) {
  const slips = slipsSince(readLastRun().figures, figures);
  console.log(slips.length === 0 ? '\nNothing slipped.' : `\nSlipped:\n${slips.join('\n')}`);
  process.exitCode = slips.length === 0 ? 0 : 1;
}
if (options.record) record({ machine, figures });
