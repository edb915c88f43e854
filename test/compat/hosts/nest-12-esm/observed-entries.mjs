/** Runs files of entries/ with providers that @nestjs/observe has proxied. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { NestFactory } from '@nestjs/core';
import * as health from './entries/dist/health.js';
import * as tracking from './entries/dist/tracking.js';
import { instrument, steps, withinTrace } from './observe.mjs';

await withinTrace(async () => {
  for (const { run } of [tracking, health]) {
    await run((module, options) => NestFactory.createApplicationContext(module, { ...options, instrument }));
  }
});

for (const step of ['OrderTracker.track', 'WxPayHealthIndicator.check']) {
  assert.ok(steps.has(step), `The trace has no step ${step}: ${[...steps].join(', ')}`);
}
