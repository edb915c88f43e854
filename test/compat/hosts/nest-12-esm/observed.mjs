/** Runs the scenarios with providers that @nestjs/observe has proxied. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { NestFactory } from '@nestjs/core';
import { scenarios } from './dist/scenario.js';
import { instrument, steps, withinTrace } from './observe.mjs';

await withinTrace(async () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    console.log(`observed: ${name}`);
    await scenario((module, options) => NestFactory.create(module, { ...options, instrument }));
  }
});

for (const step of ['OrderQueryService.query', 'OrderCloseService.close']) {
  assert.ok(steps.has(step), `The trace has no step ${step}: ${[...steps].join(', ')}`);
}
