import type { Logger } from '@nestjs/common';

/** Runs the work of a job for one sale: a failure is logged, and does not stop the others. */
export async function attempt<T>(
  logger: Logger,
  subject: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    logger.warn(`${subject}: ${error instanceof Error ? error.message : 'failed.'}`);
    return undefined;
  }
}
