import type { Answer } from '../exchange.js';
import type { MaybeFields } from './message.js';
import type { V2Refusal } from './refusal.js';

/** What becomes of a request: a message to sign, a refusal, or bytes as they are. */
export type Outcome = { readonly message: MaybeFields } | V2Refusal | Answer;
