import type { CallContext } from '../errors/call-context.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import type { Deadline, Interrupt } from './deadline.js';
import { keyServiceFailed } from './failures.js';
import type { Waiter } from './semaphore.js';

/** The signer or the verifier of the app, which may call a remote key service to do a step. */
export interface KeyService<T = unknown> {
  readonly name: 'signer' | 'verifier';
  /** Checks the returned value; an error thrown here is a failure of the service. */
  readonly read: (returned: unknown) => T;
  /** Maps an error of the service; undefined for the default, which names the service and the call. */
  readonly failureOf?: (error: unknown, call: CallContext) => unknown;
}

/** Tells a step to stop. The signal is created on first access: most steps need none. */
export interface StepControl {
  readonly signal: AbortSignal;
}

/**
 * The steps of one piece of work within a deadline, one after the other. Each ends with the deadline, so that one that ignores
 * its signal, a remote signer for example, cannot hold the call.
 */
export class Steps implements Waiter, StepControl {
  readonly call: CallContext;
  protected readonly deadline: Deadline;
  #controller: AbortController | undefined;
  /** Ends the current step. */
  #interrupt: Interrupt | undefined;
  /** The failure of a key service, which says nothing about the host. */
  #ownFailure: { readonly error: unknown } | undefined;

  constructor(call: CallContext, deadline: Deadline) {
    this.call = call;
    this.deadline = deadline;
    deadline.onEnd((reason) => this.interrupt(reason));
  }

  /** Aborted when the current step has to stop. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const { end } = this.deadline;
      if (end !== undefined) this.#controller.abort(end.reason);
    }
    return this.#controller.signal;
  }

  /** Begins a step. `interrupt` is called if the deadline ends before the step does. */
  wait(step: string, interrupt: Interrupt): void {
    this.deadline.enter(step);
    this.#interrupt = interrupt;
  }

  /**
   * Runs one step of a key service.
   *
   * @throws the failure of the service with the name of the call; the reason of the deadline, as soon as it ends
   */
  ask<T>(service: KeyService<T>, step: string, work: (control: StepControl) => unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.wait(step, reject);
      const fail = (error: unknown): void => {
        const failure =
          service.failureOf?.(error, this.call) ?? keyServiceFailed(this.call, service.name, error);
        // A signature that does not verify is a fault of the reply.
        if (!(failure instanceof WxPaySignatureError)) this.#ownFailure = { error: failure };
        reject(failure);
      };
      const returned = (value: unknown): void => {
        try {
          resolve(service.read(value));
        } catch (error) {
          fail(error);
        }
      };
      try {
        Promise.resolve(work(this)).then(returned, fail);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Tells if this error is the failure of a key service. */
  protected isOwnFailure(error: unknown): boolean {
    return this.#ownFailure !== undefined && this.#ownFailure.error === error;
  }

  /** Ends the current step. */
  protected interrupt(reason: unknown): void {
    const interrupt = this.#interrupt;
    this.#interrupt = undefined;
    this.#controller?.abort(reason);
    interrupt?.(reason);
  }
}
