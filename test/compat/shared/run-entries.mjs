/** Runs files of entries/, such as `tracking`: what an app does with the entries that need more than Nest. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';

for (const name of process.argv.slice(2)) {
  console.log(`entries: ${name}`);
  const { run } = await import(`./entries/dist/${name}.js`);
  await run((module, options) => NestFactory.createApplicationContext(module, options));
}
