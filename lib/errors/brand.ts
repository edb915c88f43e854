/**
 * Names a class of errors and makes `instanceof` recognise its instances from another copy of this package.
 *
 * A CommonJS plug-in inside an ESM host, or two installed versions, can load the package twice; Nest's `@Catch`
 * and the app's own `instanceof` checks must still see one family of errors.
 */
export function brand(target: abstract new (...args: never[]) => object, id: string): void {
  const mark = Symbol.for(`nestjs-wxpay/${id}`);
  Object.defineProperty(target.prototype, mark, { value: true });
  Object.defineProperty(target.prototype, 'name', { value: id, configurable: true, writable: true });
  Object.defineProperty(target, Symbol.hasInstance, {
    // A subclass that an app writes inherits this method but not the meaning of the mark: it is judged as usual.
    value(this: unknown, value: unknown): boolean {
      return this === target
        ? typeof value === 'object' && value !== null && mark in value
        : Function.prototype[Symbol.hasInstance].call(this, value);
    },
  });
}
