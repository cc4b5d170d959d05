import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort();

/** A path from the root of the repository, with a folder and an ending: `clock/duration.ts`; not `report.html`, not `runs/<id>/events`. */
const pathInBackticks = /`([a-z][\w.-]*(?:\/[\w.-]+)+\.(?:ts|js|json|md|sh|proto|yaml))`/g;
const folderInBackticks = /`([a-z][\w-]*(?:\/[\w-]+)*\/)`/g;

/** What is written by running Ordeal or by building it; a document may name it, a fresh checkout does not have it. */
const made = ['runs/', 'dist/', 'node_modules/', 'proto/generated/', '.ordeal/'];

function withoutBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '');
}

function anchorsOf(text: string): Set<string> {
  const headings = [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );
  return new Set(headings);
}

/** Every link that leads into the repository: the file that it means, and the heading where it names one. */
function linksOf(document: string): { link: string; path: string; anchor: string | undefined }[] {
  const text = withoutBlocks(readFileSync(join(root, document), 'utf8'));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor] = link.split('#');
      const path = file === '' ? join(root, document) : resolve(root, dirname(document), file);
      return { link, path, anchor };
    });
}

test('there are documents to look at, with links in them', () => {
  assert.ok(documents.includes('README.md'));
  assert.ok(documents.flatMap(linksOf).length > 50);
});

for (const document of documents) {
  test(`every link of ${document} leads to something`, () => {
    const dead = linksOf(document).filter(({ path, anchor }) => {
      if (relative(root, path).startsWith('..') || !existsSync(path)) return true;
      if (anchor === undefined) return false;
      return !statSync(path).isFile() || !anchorsOf(readFileSync(path, 'utf8')).has(anchor);
    });
    assert.deepEqual(
      dead.map(({ link }) => link),
      [],
    );
  });

  test(`every path that ${document} names exists`, () => {
    const text = withoutBlocks(readFileSync(join(root, document), 'utf8'));
    const named = [...text.matchAll(pathInBackticks), ...text.matchAll(folderInBackticks)].map(
      ([, path = '']) => path,
    );
    const missing = named.filter(
      (path) => !made.some((folder) => path.startsWith(folder)) && !existsSync(join(root, path)),
    );
    assert.deepEqual(missing, []);
  });
}
