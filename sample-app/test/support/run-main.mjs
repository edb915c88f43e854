import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../../test/campaign/build.mjs';

// Runs main.ts of the sample as a process of its own, with the sources as they are.
const folder = await build('sample', ['lib', 'sample-app']);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await import(join(folder, 'sample-app/main.js'));
