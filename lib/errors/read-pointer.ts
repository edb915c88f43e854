/** Pointer to the part of a request that WeChat Pay refused. */
export interface RequestPointer {
  /** Part of the request: `body`, `query`, `uri_template`, `path` or `header`. */
  readonly location: string;
  /** Names and numbers of members, such as `/amount/total`. */
  readonly path: string;
}

/** JSON pointer as WeChat Pay writes it: a part of the request, followed by the names and numbers of members. */
const POINTER = String.raw`\/(body|query|uri_template|path|header)((?:\/[A-Za-z0-9_-]{1,64}){1,16})`;
const WHOLE_POINTER = new RegExp(`^${POINTER}$`);
const POINTER_IN_TEXT = new RegExp(`输入源\\s*["'“”‘’]?${POINTER}`);

/** Reads a text that is a pointer and nothing else. */
export function readPointer(text: string): RequestPointer | undefined {
  return pointerOf(WHOLE_POINTER.exec(text));
}

/** Finds the pointer after 输入源 in the text of a refusal; APIv2 and APIv3 share the wording. */
export function readPointerIn(text: string): RequestPointer | undefined {
  return pointerOf(POINTER_IN_TEXT.exec(text));
}

function pointerOf(match: RegExpExecArray | null): RequestPointer | undefined {
  const [, location, path] = match ?? [];
  return location === undefined || path === undefined ? undefined : { location, path };
}
