/** Whether both are the same number: they are written with and without leading zeros, in capital or small letters. */
export function isSameSerialNo(one: string, other: string): boolean {
  return significant(one) === significant(other);
}

function significant(serialNo: string): string {
  return serialNo.toUpperCase().replace(/^0+/, '');
}
