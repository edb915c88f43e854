import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--allow-natives-syntax');

/** Tells whether two objects share a hidden class of V8. A class of its own for each object costs time and memory. */
// oxlint-disable-next-line typescript/no-implied-eval -- the syntax exists only while the flag is set
export const haveSameShape = new Function('a', 'b', 'return %HaveSameMap(a, b);') as (
  a: object,
  b: object,
) => boolean;
