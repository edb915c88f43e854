import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allocationTable, atOnceTable, burstTable, clientTable, growthTable, targetTable } from './tables.js';

const pathOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const LAST_RUN = pathOf('bench/last-run.json');
const PAGES = ['bench/README.md', 'docs/performance.md'];

/** The tables that pages may show, each between `<!-- bench:name -->` and `<!-- /bench:name -->`. */
export function tablesOf({ figures, machine }) {
  return {
    machine,
    targets: targetTable(figures),
    query: clientTable(figures.query),
    close: clientTable(figures.close),
    v2: clientTable(figures['v2-query']),
    burst: burstTable(figures.burst),
    'at-once': atOnceTable(figures['at-once']),
    growth: growthTable(figures.growth),
    allocation: allocationTable(figures.allocation),
  };
}

/** @returns undefined if no run was ever recorded */
export function readLastRun() {
  if (!existsSync(LAST_RUN)) return undefined;
  return JSON.parse(readFileSync(LAST_RUN, 'utf8'));
}

/** Keeps a run as the last one, and puts its tables into the pages. */
export function record(run) {
  writeFileSync(LAST_RUN, `${JSON.stringify(run, undefined, 2)}\n`);
  const tables = tablesOf(run);
  for (const page of PAGES) {
    const text = readFileSync(pathOf(page), 'utf8');
    writeFileSync(pathOf(page), withTables(text, tables));
  }
}

export function withTables(text, tables) {
  return text.replace(
    /<!-- bench:([\w-]+) -->[^]*?<!-- \/bench:\1 -->/g,
    (_, name) => `<!-- bench:${name} -->\n\n${tables[name]}\n\n<!-- /bench:${name} -->`,
  );
}
