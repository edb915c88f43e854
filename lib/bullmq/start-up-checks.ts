import { Injectable, Scope, type OnModuleInit, type Type } from '@nestjs/common';
import type { ModuleRef, ModulesContainer } from '@nestjs/core';
import { WxPayConfigError } from '../index.js';
import { OrderSettledHandler } from './order-settled-handler.js';

/** The parts of Nest that know the modules of an app and the scopes of their providers. */
export interface StartUpContext {
  readonly moduleRef: ModuleRef;
  readonly modules: ModulesContainer;
  /** The class that must be imported once. */
  readonly trackingModule: Type;
  /** Token of the options. */
  readonly optionsToken: symbol;
}

/** Refuses apps in which no worker would start, or in which two handlers would share the outcomes. It depends on no handler itself. */
@Injectable()
export class StartUpChecks implements OnModuleInit {
  readonly #context: StartUpContext;

  /** @internal */
  constructor(context: StartUpContext) {
    this.#context = context;
  }

  /** @throws {WxPayConfigError} with every fault */
  onModuleInit(): void {
    const { modules, trackingModule, optionsToken } = this.#context;
    const faults: string[] = [];
    // Nest creates what depends on a request for each request, and calls none of its hooks: no worker would start.
    if (this.#isPerRequest(optionsToken)) {
      faults.push(
        'Order tracking: the options are request-scoped: what forRootAsync injects, or its class, depends on the request. Workers start without a request: inject providers of the default scope only.',
      );
    }
    // Sound: the token is only looked up, and an abstract class is one.
    if (this.#isPerRequest(OrderSettledHandler as unknown as Type)) {
      faults.push(
        'Order tracking: the handler, or a provider that it injects, is request-scoped. There is no request when an outcome is delivered: inject providers of the default scope only.',
      );
    }
    const copies = [...modules.values()].filter(({ metatype }) => metatype === trackingModule);
    if (copies.length > 1) {
      faults.push(
        'Order tracking: OrderTrackingModule is imported with two sets of options. Import it once, with isGlobal: true, or keep the value of forRoot(…) in a constant and import that.',
      );
    }
    if (faults.length > 0) throw new WxPayConfigError(faults);
  }
  /** Tells whether Nest creates a provider for each request. */
  #isPerRequest(token: Type | symbol): boolean {
    return this.#context.moduleRef.introspect(token).scope === Scope.REQUEST;
  }
}
