import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

// A plug-in that requires and a host that imports must mean the same classes.
for (const entry of ['nestjs-wxpay', 'nestjs-wxpay/config', 'nestjs-wxpay/testing']) {
  const imported = await import(entry);
  const required = require(entry);
  assert.deepEqual(Object.keys(required).toSorted(), Object.keys(imported).toSorted(), entry);
  for (const name of Object.keys(imported)) assert.equal(required[name], imported[name], `${entry}: ${name}`);
}

// Stack traces and "go to definition" lead to sources that are there.
const root = dirname(fileURLToPath(import.meta.resolve('nestjs-wxpay/package.json')));
const maps = readdirSync(join(root, 'dist'), { recursive: true }).filter((path) => path.endsWith('.map'));
assert.notEqual(maps.length, 0);
for (const path of maps) {
  const map = join(root, 'dist', path);
  for (const source of JSON.parse(readFileSync(map, 'utf8')).sources) {
    assert.ok(
      existsSync(resolve(dirname(map), source)),
      `${String(path)} points to ${source}, which is not packed`,
    );
  }
}
