import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

// In the copy of the project that Stryker works on: what the first run finds out, for the processes that follow.
const SPECS_FILE = 'mutation-specs.json';

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
    for (const { path, tests } of mirrorsFirst(this.#specs, options.activeMutant.fileName)) {
      const testFilter = options.testFilter?.filter((test) => tests.includes(test));
      if (testFilter?.length === 0) continue;
      this.#spec = path;
      const result = await this.#jest.mutantRun({ ...options, testFilter });
      // A spec that cannot be loaded any more has failed.
      if (result.status === 'error')
        return {
          status: 'killed',
          killedBy: tests.slice(0, 1),
          failureMessage: result.errorMessage,
          nrOfTests,
        };
      if (result.status !== 'survived') return result;
      nrOfTests += result.nrOfTests;
    }
    return { status: 'survived', nrOfTests };
  }
}

/** The specs that bear the name of the changed file, then the others. */
function mirrorsFirst(specs, fileName) {
  const name = `${basename(fileName, '.ts')}.`;
  const [mirrors, others] = [true, false].map((isMirror) =>
    specs.filter(({ path }) => basename(path).startsWith(name) === isMirror),
  );
  return [...mirrors, ...others];
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
