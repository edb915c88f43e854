import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import { elements, optional, UnexpectedJson, type Field, type Reader } from './json.js';

/**
 * Defines a lenient field, that is, one that no decision depends on. An unreadable value is left out, so that a flaw in a
 * coupon does not hide a payment.
 *
 * Merchants, numbers, states and the amounts of paid orders are never lenient: without them, or with part of them, an app
 * would decide wrongly.
 */
export function lenient<T>(wireName: string, read: Reader<T>): Field<T | undefined> {
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

/** Reads a list, and leaves out the elements that cannot be read. */
export function readableItems<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, path, leftOut) =>
    elements(value, path).flatMap((element, index): readonly T[] => {
      const read = orLeaveOut(() => [item(element, `${path}[${index}]`, leftOut)], leftOut);
      return read ?? [];
    });
}

/**
 * Reads required fields and a group of lenient fields from one object. The group is left out as a whole if any part cannot be
 * read.
 */
export function withLenient<T extends object, D extends object>(
  decisive: Reader<T>,
  group: Reader<D>,
): Reader<T & Partial<D>> {
  return (value, path, leftOut) =>
    Object.assign(
      decisive(value, path, leftOut),
      orLeaveOut(() => group(value, path, leftOut), leftOut),
    );
}

function orLeaveOut<T>(read: () => T, leftOut: LeftOutFields | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    return leaveOut(error, leftOut);
  }
}

function leaveOut(error: unknown, leftOut: LeftOutFields | undefined): undefined {
  if (!(error instanceof UnexpectedJson)) throw error;
  leftOut?.add(error.path);
  return undefined;
}
