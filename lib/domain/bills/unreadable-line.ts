/** Line of a bill that cannot be read. The message is a phrase that follows the name of the line; it contains none of its cells. */
export class UnreadableLine extends Error {}
