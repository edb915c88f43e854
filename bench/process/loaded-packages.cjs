// In a process of its own: which packages the main entry loads, once an app has Nest.
for (const name of ['@nestjs/common', '@nestjs/core']) require(name);
const before = new Set(Object.keys(require.cache));
const main = require('../../dist/cjs/index.js');
const added = Object.keys(require.cache).filter((path) => !before.has(path));
const packages = added.flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
console.log(JSON.stringify({ exports: Object.keys(main).length, packages: [...new Set(packages)] }));
