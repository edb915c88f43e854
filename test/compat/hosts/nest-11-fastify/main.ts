import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { queryThroughHttpService } from './http-service.js';
import { scenarios } from './scenario.js';

async function main(): Promise<void> {
  for (const [name, scenario] of Object.entries({ ...scenarios, queryThroughHttpService })) {
    console.log(name);
    await scenario((module, options) => NestFactory.create(module, new FastifyAdapter(), options));
  }
}

void main();
