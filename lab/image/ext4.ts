import { run } from '../../command/run.ts';

interface Ext4 {
  readonly label: string;
  /** A folder, or a tar file of one. */
  readonly from: { readonly directory: string } | { readonly tar: string };
  readonly to: string;
  /** Of the disk; what is not used takes no room in the file. */
  readonly size: string;
  readonly options?: readonly string[];
}

const timeoutMs = 10 * 60 * 1000;

/** Unpacks the tar file "$1", if there is one, into the folder "$2", and makes a filesystem of that. The devices of /dev are the kernel's matter. */
const make = `set -e
tar=$1 directory=$2
shift 2
if [ -n "$tar" ]; then
  mkdir "$directory"
  tar --extract --numeric-owner --exclude='./dev/*' --file="$tar" --directory="$directory"
fi
mke2fs -q -F -t ext4 -m 0 -E lazy_itable_init=0,lazy_journal_init=0 -d "$directory" "$@"
if [ -n "$tar" ]; then rm -rf "$directory"; fi`;

/** Makes a filesystem in a file, without mounting one. */
export async function makeExt4(image: Ext4): Promise<void> {
  const { from, to } = image;
  const [tar, directory] = 'tar' in from ? [from.tar, `${to}.unpacked`] : ['', from.directory];
  const options = ['-L', image.label, ...(image.options ?? []), to, image.size];
  // Somebody who is not root owns what he unpacks, and the image shall say root.
  const owner = process.getuid?.() === 0 ? [] : ['fakeroot'];
  await run('env', [...owner, 'sh', '-c', make, 'sh', tar, directory, ...options], { timeoutMs });
}
