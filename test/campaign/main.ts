import { parseArgs } from 'node:util';
import { campaign } from './campaign.js';
import { WHOLE, type Plan } from './plan.js';

/**
 * Plays one campaign as the command line says, and prints what came of it. The exit code says whether anything happened
 * that must not: 1 if so.
 */
export async function main(args: readonly string[], changes: Partial<Plan> = {}): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string', default: '2000' },
      seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1e6)) },
      quiet: { type: 'boolean', default: false },
    },
  });
  const seed = wholeNumber('--seed', values.seed);
  const calls = wholeNumber('--calls', values.calls);
  const plan: Plan = { ...WHOLE, seed, calls, ...changes };
  const startedAt = performance.now();
  const tally = await campaign(plan, (line) => values.quiet || print(line));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  print(`\n${String(tally)}\n\n${tally.calls} calls in ${seconds} s with the seed ${plan.seed}`);
  process.exitCode = tally.offences === 0 ? 0 : 1;
}

/** @throws {Error} for what would play nothing and find nothing */
function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new Error(`${name} must be a whole number from 1 on, not "${text}".`);
  }
  return Number(text);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
