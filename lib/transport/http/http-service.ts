/** Returns the fault of an `httpService` option, to follow its name; undefined if there is none. */
export function httpServiceFault(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const { axiosRef } = (value ?? {}) as { readonly axiosRef?: unknown };
  return typeof axiosRef === 'function' ? undefined : 'must be an HttpService of @nestjs/axios.';
}
