import { ValidateBy, type ValidationOptions } from 'class-validator';

/** Accepts `https://host[:port]`, and plain http for loopback addresses only. */
export function IsOrigin(options: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: 'isOrigin', validator: { validate: isOrigin } }, options);
}

function isOrigin(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, origin, href } = new URL(value);
  // Equal only if there is no user, path, query or fragment.
  if (href !== `${origin}/`) return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
