import { BadRequestException, ValidationPipe, type ValidationError } from '@nestjs/common';
import { ErrorBody } from './error-body.js';

/** Validates what clients send, and refuses it with the same body as everything else. */
export class InputPipe extends ValidationPipe {
  constructor() {
    super({ whitelist: true, transform: true, stopAtFirstError: true, exceptionFactory: refuse });
  }
}

function refuse(errors: readonly ValidationError[]): BadRequestException {
  const problems = errors.flatMap(({ constraints = {} }) => Object.values(constraints));
  const message = `${problems.join('; ')}.`;
  return new BadRequestException(
    new ErrorBody({ statusCode: 400, error: 'Bad Request', code: 'INVALID_INPUT', message }),
  );
}
