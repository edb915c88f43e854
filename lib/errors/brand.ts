/**
 * Names an error class and makes `instanceof` recognise its instances from another copy of this package.
 *
 * A CommonJS plug-in inside an ESM host, or two installed versions, can load the package twice; Nest's `@Catch` and the app's
 * own `instanceof` checks must still recognise the errors of both copies.
 */
export function brand(target: abstract new (...args: never[]) => object, id: string): void {
  const mark = Symbol.for(`nestjs-wxpay/${id}`);
  Object.defineProperty(target.prototype, mark, { value: true });
  Object.defineProperty(target.prototype, 'name', { value: id, configurable: true, writable: true });
  Object.defineProperty(target, Symbol.hasInstance, {
    // An app's subclass inherits this method, but the mark does not prove that an error is an instance of the subclass: use the
    // default check there.
    value(this: unknown, value: unknown): boolean {
      return this === target
        ? typeof value === 'object' && value !== null && mark in value
        : Function.prototype[Symbol.hasInstance].call(this, value);
    },
  });
}
