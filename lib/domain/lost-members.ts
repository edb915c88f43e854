/**
 * What a copy of the own members of an object would lose, as `JSON.stringify` and `{ ...value }` make it.
 *
 * @returns the end of a sentence that begins with the object; undefined for nothing
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
  // Private fields do not show.
  if (prototypes.length > 0 && Object.keys(value).length === 0) {
    return 'is an instance of a class without fields of its own';
  }
  return undefined;
}

function isEnumerable(value: object, name: PropertyKey): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, name);
}

/** All but the last, `Object.prototype` of any realm. */
function prototypesOf(value: object): readonly object[] {
  const prototypes: object[] = [];
  for (let each = prototypeOf(value); each !== null; each = prototypeOf(each)) prototypes.push(each);
  return prototypes.filter((each) => prototypeOf(each) !== null || !isRoot(each));
}

/** An object without a prototype that others inherit from may have members, too. */
function isRoot(prototype: object): boolean {
  return Object.hasOwn(prototype, 'hasOwnProperty');
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value) as object | null;
}
