import 'reflect-metadata';
import { describe, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { queryThroughHttpService } from './http-service';
import { scenarios } from './scenario';

describe('Nest 10', () => {
  it.each(Object.entries(scenarios))('%s', (_, scenario) =>
    scenario((module, options) => NestFactory.create(module, options)),
  );

  it('queries through an HttpService', () =>
    queryThroughHttpService((module, options) => NestFactory.create(module, options)));
});
