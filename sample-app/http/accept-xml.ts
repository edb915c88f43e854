import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const XML = ['text/xml', 'application/xml'];

/** Lets the XML of APIv2 in; Nest itself reads JSON and forms. An app without APIv2 does not need it. */
export function acceptXml(app: INestApplication): void {
  // Sound: the adapter says which of the two it is.
  if (app.getHttpAdapter().getType() === 'fastify') (app as NestFastifyApplication).useBodyParser(XML);
  else (app as NestExpressApplication).useBodyParser('text', { type: XML });
}
