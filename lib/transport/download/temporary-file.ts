import { randomUUID } from 'node:crypto';
import { copyFile, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';

/** File in the temporary folder of the system, readable by the user of this process only, until it is disposed of. */
export class TemporaryFile {
  readonly path: string;
  readonly size: number;
  #isDisposed = false;

  private constructor(path: string, size: number) {
    this.path = path;
    this.size = size;
  }

  /**
   * Creates a file. It is removed if `write` fails.
   *
   * @param write writes the content and returns its size in bytes
   */
  static async create(write: (file: FileHandle) => Promise<number>): Promise<TemporaryFile> {
    const path = join(tmpdir(), `nestjs-wxpay-${process.pid}-${randomUUID()}`);
    // Fails if the path exists: it may be a link that someone else has put there.
    const file = await open(path, 'wx', 0o600);
    try {
      return new TemporaryFile(path, await write(file));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Reads the whole file. */
  read(): Promise<Buffer> {
    return readFile(this.path);
  }

  async saveTo(path: string): Promise<void> {
    if (this.#isDisposed) throw new WxPayInputError('file', 'was disposed of: save it before that.');
    await copyFile(this.path, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await rm(this.path, { force: true });
  }
}
