const OTHERS = {
  v2: { form: 'XML', route: 'v3' },
  v3: { form: 'JSON', route: 'v2' },
} as const;

/**
 * Explains that a notification belongs to the other API, and why it arrived here; a clause without a full stop.
 *
 * @param api of the notification
 */
export function messageOfOtherApi(api: 'v2' | 'v3'): string {
  const { form, route } = OTHERS[api];
  return `it is ${form}, a message of API${api}. Its order was placed over API${api} with the notify_url of a merchant of API${route}: give such orders the notify_url of a route whose merchant has api: '${api}', or place them over API${route}`;
}
