/** Articles of the shop, with prices in fen. Clients name an article, never a price. */
export const ARTICLES = {
  tea: { description: 'Green tea, 100 g', price: 4800 },
  cup: { description: 'Tea cup', price: 1999 },
} as const;

export type Article = keyof typeof ARTICLES;
