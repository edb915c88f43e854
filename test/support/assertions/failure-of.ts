import type { WxPayError } from 'nestjs-wxpay';

/** What a promise is rejected with; fails the test if it resolves or rejects with something of another class. */
export async function failureOf<E extends WxPayError>(
  type: abstract new (...args: never[]) => E,
  promise: Promise<unknown>,
): Promise<E> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`Expected a ${type.name}, but the promise resolved with ${typeof value}.`);
}
