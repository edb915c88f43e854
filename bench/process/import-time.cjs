// In a process of its own: what the main entry adds to what an app has loaded anyway. No Nest app is without core.
for (const name of ['@nestjs/common', '@nestjs/core', '@nestjs/axios']) require(name);
const before = new Set(Object.keys(require.cache));
const startedAt = performance.now();
const main = require('../../dist/cjs/index.js');
const ms = performance.now() - startedAt;
const added = Object.keys(require.cache).filter((path) => !before.has(path));
const packages = added.flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
console.log(JSON.stringify({ ms, exports: Object.keys(main).length, packages: [...new Set(packages)] }));
