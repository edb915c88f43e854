/** Runs the scenarios with providers that @nestjs/observe has proxied, within a trace. Its agent, which needs an account, does not run. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { NestFactory } from '@nestjs/core';
import { createInstanceDecorator } from '@nestjs/observe';
import { scenarios } from './dist/scenario.js';

const traces = new AsyncLocalStorage();
const steps = new Set();
const registry = {
  internalStartTraceStep(_trace, className, method) {
    steps.add(`${className}.${method}`);
    return `step-${steps.size}`;
  },
  internalEndTraceStep: () => undefined,
};
const instanceDecorator = createInstanceDecorator(traces, registry, {
  traceIdKey: 'traceId',
  skipInstrumentation: () => false,
});

await traces.run(new Map([['traceId', 'trace-1']]), async () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    console.log(`observed: ${name}`);
    await scenario((module, options) =>
      NestFactory.create(module, { ...options, instrument: { instanceDecorator } }),
    );
  }
});

for (const step of ['OrderQueryService.query', 'OrderCloseService.close']) {
  assert.ok(steps.has(step), `The trace has no step ${step}: ${[...steps].join(', ')}`);
}
