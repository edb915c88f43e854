/**
 * Finds a member that a copy of an object's own fields, such as `{ ...value }` or `JSON.stringify`, would lose.
 *
 * @returns the predicate of a sentence about the object, for error messages; undefined if the copy is complete
 */
export function lostMember(value: object): string | undefined {
  const symbol = Object.getOwnPropertySymbols(value).find((name) => isEnumerable(value, name));
  if (symbol !== undefined) return 'has a member that is named by a symbol';
  const prototypes = prototypesOf(value);
  for (const prototype of prototypes) {
    for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (Object.hasOwn(value, name)) continue;
      if (member.get !== undefined) return `has the getter ${name}, which is no field of its own`;
      if (member.enumerable) return `inherits ${name}, which is no field of its own`;
    }
  }
  // Private fields cannot be listed.
  if (prototypes.length > 0 && Object.keys(value).length === 0) {
    return 'is an instance of a class without fields of its own';
  }
  return undefined;
}

function isEnumerable(value: object, name: PropertyKey): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, name);
}

/** Lists the prototypes of an object without `Object.prototype`, of whichever realm. */
function prototypesOf(value: object): readonly object[] {
  const prototypes: object[] = [];
  for (let each = prototypeOf(value); each !== null; each = prototypeOf(each)) prototypes.push(each);
  return prototypes.filter((each) => prototypeOf(each) !== null || !isRoot(each));
}

/** Tells `Object.prototype` from another object without a prototype, whose members are inherited, too. */
function isRoot(prototype: object): boolean {
  return Object.hasOwn(prototype, 'hasOwnProperty');
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value) as object | null;
}
