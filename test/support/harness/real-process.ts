import { lookup } from 'node:dns';

/** The `process` of Node. Jest gives tests a copy of it, which is told of no warning; functions of Node reach the real one. */
export const realProcess = (lookup.constructor as FunctionConstructor)('return process')() as NodeJS.Process;
