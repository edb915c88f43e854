import { IsByteLength, type ValidationArguments } from 'class-validator';

/** Accepts the 32 bytes of an API key; a fault tells their number and nothing else of them. */
export function IsApiKey(api: 'APIv2' | 'APIv3'): PropertyDecorator {
  const message = ({ value }: ValidationArguments) =>
    `must be exactly 32 bytes, not ${Buffer.byteLength(String(value))}. Copy the ${api} key that was set in the merchant console.`;
  return IsByteLength(32, 32, { message });
}
