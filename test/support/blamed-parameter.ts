/** What a refusal of APIv3 may say about parameters. */
interface RefusalBody {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: { readonly location?: string | null; readonly value?: unknown };
}

/**
 * The parameter that a `PARAM_ERROR` blames, as a JSON pointer: from the list of superfluous ones, or from the text after
 * 输入源. Undefined if it names none.
 */
export function blamedParameter({ message = '', detail }: RefusalBody): string | undefined {
  const [superfluous]: readonly unknown[] = Array.isArray(detail?.value) ? detail.value : [];
  if (typeof superfluous === 'string') return superfluous;
  return /输入源“([^”]*)”/.exec(message)?.[1];
}
