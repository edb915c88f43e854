/** The decorator with which @nestjs/observe proxies providers, within a trace. Its agent, which needs an account, does not run. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createInstanceDecorator } from '@nestjs/observe';

const traces = new AsyncLocalStorage();
/** Steps of the trace, by class and method. */
export const steps = new Set();
const registry = {
  internalStartTraceStep(_trace, className, method) {
    steps.add(`${className}.${method}`);
    return `step-${steps.size}`;
  },
  internalEndTraceStep: () => undefined,
};
/** Option of an app. */
export const instrument = {
  instanceDecorator: createInstanceDecorator(traces, registry, {
    traceIdKey: 'traceId',
    skipInstrumentation: () => false,
  }),
};

export function withinTrace(run) {
  return traces.run(new Map([['traceId', 'trace-1']]), run);
}
