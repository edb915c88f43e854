import { performance } from 'node:perf_hooks';

/** In a process of its own: how long a module takes to import in an app that has Nest loaded. No Nest app is without core. */
for (const name of ['@nestjs/common', '@nestjs/core']) await import(name);
const startedAt = performance.now();
await import(process.argv[2]);
console.log(performance.now() - startedAt);
