import { performance } from 'node:perf_hooks';

/** In a process of its own: how long the main entry takes in an app that has Nest loaded. No Nest app is without core. */
for (const name of ['@nestjs/common', '@nestjs/core']) await import(name);
const startedAt = performance.now();
await import('../../dist/esm/index.js');
console.log(performance.now() - startedAt);
