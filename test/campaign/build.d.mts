/** Turns the sources into what Node runs. @returns the folder */
export function build(name?: string, folders?: readonly string[]): Promise<string>;

/** Removes all that this process has built. */
export function clean(): Promise<void>;
