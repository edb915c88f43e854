import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { scenarios } from './scenario.js';

for (const [name, scenario] of Object.entries(scenarios)) {
  console.log(name);
  await scenario((module, options) => NestFactory.create(module, options));
}
