import type { LeftOut } from '../telemetry/left-out.js';
import { elements, optional, UnexpectedJson, type Field, type Reader } from './json.js';

/**
 * A field that decides nothing. A value that does not read is left out, so that a flaw in a coupon does not hide a payment.
 *
 * Merchants, numbers, states and the amounts of paid orders are never read like this: without them, or with part of them,
 * an app would decide wrongly.
 */
export function decoration<T>(wireName: string, read: Reader<T>): Field<T | undefined> {
  const field = optional(wireName, read);
  return {
    wireName,
    read(value, path, leftOut) {
      try {
        return field.read(value, path, leftOut);
      } catch (error) {
        return leaveOut(error, leftOut);
      }
    },
  };
}

/** A list without those of its elements that do not read. */
export function readableItems<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, path, leftOut) =>
    elements(value, path).flatMap((element, index): readonly T[] => {
      const read = orLeaveOut(() => [item(element, `${path}[${index}]`, leftOut)], leftOut);
      return read ?? [];
    });
}

/** Reads from one object what decides and, beside it, a group that is left out as a whole if a part of it does not read. */
export function decorated<T extends object, D extends object>(
  decisive: Reader<T>,
  group: Reader<D>,
): Reader<T & Partial<D>> {
  return (value, path, leftOut) => ({
    ...decisive(value, path, leftOut),
    ...orLeaveOut(() => group(value, path, leftOut), leftOut),
  });
}

function orLeaveOut<T>(read: () => T, leftOut: LeftOut | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    return leaveOut(error, leftOut);
  }
}

function leaveOut(error: unknown, leftOut: LeftOut | undefined): undefined {
  if (!(error instanceof UnexpectedJson)) throw error;
  leftOut?.add(error.path);
  return undefined;
}
