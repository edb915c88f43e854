import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

// In the copy of the project that Stryker works on: what the first run finds out, for the processes that follow.
const SPECS_FILE = 'mutation-specs.json';
/** The specs that noticed changes of each file, the latest first; all processes add to it. */
const NOTICED_FILE = 'mutation-noticed.json';

/**
 * Runs the specs whose tests reach a change one after the other, the likely and the fast ones first, until one fails.
 * Stryker's own runner, which does the work, loads every spec for every change.
 */
class SpecBySpecRunner {
  #jest;
  #specs;
  #spec;

  constructor(jest) {
    const run = jest.run.bind(jest);
    jest.run = (settings) => run(this.#spec ? { ...settings, testFiles: [this.#spec] } : settings);
    this.#jest = jest;
  }

  init() {
    return this.#jest.init();
  }

  capabilities() {
    return this.#jest.capabilities();
  }

  async dryRun(options) {
    const result = await this.#jest.dryRun(options);
    if (result.tests) writeFileSync(SPECS_FILE, JSON.stringify(fastestFirst(result.tests)));
    return result;
  }

  async mutantRun(options) {
    this.#specs ??= JSON.parse(readFileSync(SPECS_FILE, 'utf8'));
    let nrOfTests = 0;
    const { fileName } = options.activeMutant;
    for (const { path, tests } of likelyFirst(this.#specs, fileName)) {
      const testFilter = options.testFilter?.filter((test) => tests.includes(test));
      if (testFilter?.length === 0) continue;
      this.#spec = path;
      const result = await this.#jest.mutantRun({ ...options, testFilter });
      if (result.status === 'killed' || result.status === 'error') recordNoticed(fileName, path);
      // A spec that cannot be loaded any more has failed.
      if (result.status === 'error') {
        return {
          status: 'killed',
          killedBy: tests.slice(0, 1),
          failureMessage: result.errorMessage,
          nrOfTests,
        };
      }
      if (result.status !== 'survived') return result;
      nrOfTests += result.nrOfTests;
    }
    return { status: 'survived', nrOfTests };
  }
}

/** The specs that noticed an earlier change of the file, those that bear its name, then the others. */
function likelyFirst(specs, fileName) {
  const name = `${basename(fileName, '.ts')}.`;
  const noticed = readNoticed()[fileName] ?? [];
  const rank = ({ path }) => {
    const index = noticed.indexOf(path);
    if (index >= 0) return index;
    return noticed.length + (basename(path).startsWith(name) ? 0 : 1);
  };
  return specs.toSorted((a, b) => rank(a) - rank(b));
}

function recordNoticed(fileName, spec) {
  const noticed = readNoticed();
  const others = (noticed[fileName] ?? []).filter((path) => path !== spec);
  writeFileSync(NOTICED_FILE, JSON.stringify({ ...noticed, [fileName]: [spec, ...others] }));
}

function readNoticed() {
  if (!existsSync(NOTICED_FILE)) return {};
  try {
    return JSON.parse(readFileSync(NOTICED_FILE, 'utf8'));
  } catch (error) {
    // Another process may be writing it; the order is only a matter of speed.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function fastestFirst(tests) {
  const specs = new Map();
  for (const { id, fileName: path, timeSpentMs } of tests) {
    const spec = specs.get(path) ?? { path, tests: [], ms: 0 };
    spec.tests.push(id);
    spec.ms += timeSpentMs;
    specs.set(path, spec);
  }
  return [...specs.values()].toSorted((a, b) => a.ms - b.ms);
}

const [{ factory: createJestRunner }] = jestPlugins;
createSpecBySpecRunner.inject = tokens(commonTokens.injector);
function createSpecBySpecRunner(injector) {
  return new SpecBySpecRunner(injector.injectFunction(createJestRunner));
}

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'spec-by-spec', createSpecBySpecRunner),
];
