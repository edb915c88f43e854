import { SigningGate } from '../transport/signing-gate.js';
import { HostHealths } from './host-healths.js';

/** What the merchants of an app have in common. */
export interface Shared {
  readonly healths: Pick<HostHealths, 'for'>;
  /** The thread pool is one for all of them: signers that compute in this process pass here. */
  readonly signing: SigningGate;
}

export function createShared(): Shared {
  return { healths: new HostHealths(), signing: new SigningGate() };
}
