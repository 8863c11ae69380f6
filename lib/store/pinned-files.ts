import type { Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { LabError } from '../core/errors.ts';
import type { NamedFile } from './damage.ts';
import { isUrl } from './location.ts';
import type { PartitionFiles } from './parquet.ts';

/** A file as it was when it was opened. */
export interface PinnedFile extends NamedFile {
  /** Differs from that of any other file that was ever at this place. */
  readonly version: string;
}

/**
 * Files held open, so that whoever reads them sees what they were when they were opened, though a writer renames new ones
 * over them or deletes them: DuckDB opens a path several times for one query, and this process's own descriptors are paths
 * that always lead to the same file.
 */
export class PinnedFiles {
  /** The same partitions, by paths that stay. */
  readonly partitions: PartitionFiles;
  /** All of them, with the names they were found by. */
  readonly files: readonly PinnedFile[];
  readonly #handles: readonly FileHandle[];

  private constructor(
    partitions: PartitionFiles,
    files: readonly PinnedFile[],
    handles: readonly FileHandle[],
  ) {
    this.partitions = partitions;
    this.files = files;
    this.#handles = handles;
  }

  /**
   * Opens what `list` finds, and lists again when a file of the list was merged into another in between.
   *
   * @throws LabError `io` when a file cannot be opened
   */
  static async open(list: () => Promise<PartitionFiles>): Promise<PinnedFiles> {
    for (let attempt = 1; ; attempt++) {
      const handles: FileHandle[] = [];
      try {
        const partitions: string[][] = [];
        const files: PinnedFile[] = [];
        for (const names of await list()) {
          const paths: string[] = [];
          for (const name of names) {
            // An object that is replaced while it is read fails the read: DuckDB looks at its tag.
            if (isUrl(name)) {
              paths.push(name);
              files.push({ name, path: name, version: '' });
              continue;
            }
            const handle = await open(name);
            handles.push(handle);
            const path = `/dev/fd/${handle.fd}`;
            paths.push(path);
            files.push({ name, path, version: versionOf(await handle.stat()) });
          }
          partitions.push(paths);
        }
        return new PinnedFiles(partitions, files, handles);
      } catch (cause) {
        for (const handle of handles) await handle.close();
        const vanished = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
        if (vanished && attempt < 10) continue;
        throw new LabError('io', `cannot read the history: ${(cause as Error).message}`, { cause });
      }
    }
  }

  async close(): Promise<void> {
    for (const handle of this.#handles) await handle.close();
  }
}

/** Tells apart the files that were at one place: a writer renames a new one into it, with a number of its own. */
export function versionOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}
