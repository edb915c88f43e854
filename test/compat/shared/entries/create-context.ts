import type { INestApplicationContext, NestApplicationOptions, Type } from '@nestjs/common';

/** Creates the context of an app; a host may add options, such as an agent that proxies its providers. */
export type CreateContext = (
  module: Type,
  options: NestApplicationOptions,
) => Promise<INestApplicationContext>;
