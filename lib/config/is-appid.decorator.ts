import { Matches } from 'class-validator';

/** Accepts what may be an appid. */
export function IsAppid(): PropertyDecorator {
  const message = 'must be the appid that orders are placed with, such as wxd678efh567hg6787.';
  return Matches(/^[0-9A-Za-z_-]{1,32}$/, { message });
}
