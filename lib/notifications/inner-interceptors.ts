import type { ExecutionContext, Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer, type Reflector } from '@nestjs/core';
import { NotificationInterceptor } from './notification.interceptor.js';

/** Says which handler of which controller. */
export interface Route {
  readonly getClass: () => Type;
  readonly getHandler: ExecutionContext['getHandler'];
}

/** Where Nest keeps what `@UseInterceptors()` was given: the same in all its versions, and exported by none. */
const INTERCEPTORS = '__interceptors__';

/** Whatever may be a route of the app: every method of its controllers. */
export function* routesOf(modules: ModulesContainer): Iterable<Route> {
  const scanner = new MetadataScanner();
  for (const { controllers } of modules.values()) {
    for (const { metatype } of controllers.values()) {
      // Sound: controllers are classes, no factories.
      const controller = metatype as Type;
      const prototype = controller.prototype as Record<string, ReturnType<Route['getHandler']>>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (handler !== undefined) yield { getClass: () => controller, getHandler: () => handler };
      }
    }
  }
}

/** What is wrong with a route where an interceptor may hide from ours how the handler ended; undefined if none does. */
export function hiddenEnd(reflector: Reflector, route: Route): string | undefined {
  // As Nest runs them, the outermost first.
  const interceptors = reflector.getAllAndMerge<unknown[]>(INTERCEPTORS, [
    route.getClass(),
    route.getHandler(),
  ]);
  const inner = interceptors
    .slice(interceptors.indexOf(NotificationInterceptor))
    .find((interceptor) => interceptor !== NotificationInterceptor);
  if (inner === undefined) return undefined;
  const name = `${route.getClass().name}.${route.getHandler().name}`;
  return `${nameOf(inner)} runs between @VerifyNotification() and ${name}, and could hide from WeChat Pay that the handler failed. Write @VerifyNotification() on the method, not on its class, and above @UseInterceptors().`;
}

function nameOf(interceptor: unknown): string {
  const type = typeof interceptor === 'function' ? interceptor : Object(interceptor).constructor;
  return String(type.name);
}
